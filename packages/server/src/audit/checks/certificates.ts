import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { certificateFiles } from '../certificate-files.ts';
import { type Found, file, type SettingsCheck, settingsCheck } from '../check.ts';

const DAY_MS = 86_400_000;
const SOON_DAYS = 30;
const PEM = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;

/** The certificate of a chain that ends first. */
const firstToEnd = (text: string): X509Certificate | undefined =>
  (text.match(PEM) ?? [])
    .map((each) => new X509Certificate(each))
    .sort((a, b) => Date.parse(a.validTo) - Date.parse(b.validTo))[0];

const look = async (name: string, path: string, now: Date): Promise<Found | undefined> => {
  const subject = file(path);
  let certificate: X509Certificate | undefined;
  try {
    certificate = firstToEnd(await readFile(path, 'utf8'));
  } catch {
    return { subject, evidence: `${name}: it cannot be read as certificates` };
  }
  if (certificate === undefined) return { subject, evidence: `${name}: it holds no certificate` };
  const days = Math.floor((Date.parse(certificate.validTo) - now.getTime()) / DAY_MS);
  const who = certificate.subject.replaceAll('\n', ', ');
  if (days < 0) return { subject, evidence: `${name}: ${who} expired on ${certificate.validTo}` };
  if (days >= SOON_DAYS) return undefined;
  return { subject, evidence: `${name}: ${who} expires in ${days} days`, severity: 'medium' };
};

export const certificateExpiring: SettingsCheck = settingsCheck({
  id: 'certificate-expiring',
  pillar: 284,
  cwe: 298,
  title: 'A certificate has expired, is about to, or cannot be used',
  severity: 'high',
  remedy: 'Renew it in place: the API reads a new certificate without a restart.',
  async examine(site) {
    const found = await Promise.all(
      certificateFiles(site.config).map(([name, path]) => look(name, path, site.now)),
    );
    return found.filter((each) => each !== undefined);
  },
});
