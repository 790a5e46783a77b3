import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** PEM files. */
export interface CertificateFiles {
  readonly key: string;
  readonly certificate: string;
}

interface About {
  /** `subjectAltName` as openssl writes it; the default is the name localhost. */
  readonly alternative?: string;
  readonly days?: number;
}

/** Make `name`.key and `name`.crt in a folder, a certificate that vouches for itself. Needs openssl 3. */
export const makeCertificate = (
  folder: string,
  name: string,
  { alternative = 'DNS:localhost', days = 2 }: About = {},
): CertificateFiles => {
  const [key, certificate] = [join(folder, `${name}.key`), join(folder, `${name}.crt`)];
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', String(days)];
  const about = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=${alternative}`];
  const files = ['-keyout', key, '-out', certificate];
  execFileSync('openssl', ['req', '-x509', ...kind, ...about, ...files], { stdio: 'ignore' });
  return { key, certificate };
};
