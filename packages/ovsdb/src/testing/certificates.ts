import { join } from 'node:path';
import { runCommand, type ServerTls } from './server-process.ts';

/** A CA and what it signed, as files; and a client certificate of another CA, which the server must refuse. */
export interface TestCertificates {
  readonly server: ServerTls;
  readonly client: ServerTls;
  readonly stranger: ServerTls;
}

const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];

async function makeAuthority(dir: string, name: string): Promise<{ key: string; certificate: string }> {
  const key = join(dir, `${name}-key.pem`);
  const certificate = join(dir, `${name}-cert.pem`);
  await runCommand('openssl', [
    'req',
    '-x509',
    ...KEY,
    '-subj',
    `/CN=${name}`,
    '-keyout',
    key,
    '-out',
    certificate,
  ]);
  return { key, certificate };
}

async function makeCertificate(
  dir: string,
  name: string,
  ca: { key: string; certificate: string },
): Promise<ServerTls> {
  const privateKey = join(dir, `${name}-key.pem`);
  const certificate = join(dir, `${name}-cert.pem`);
  await runCommand('openssl', [
    'req',
    '-x509',
    ...KEY,
    '-subj',
    `/CN=${name}`,
    '-CA',
    ca.certificate,
    '-CAkey',
    ca.key,
    '-keyout',
    privateKey,
    '-out',
    certificate,
  ]);
  return { privateKey, certificate, caCertificate: ca.certificate };
}

/** Make the keys and certificates of a test in a folder. Needs openssl 3. */
export async function makeCertificates(dir: string): Promise<TestCertificates> {
  const ca = await makeAuthority(dir, 'ca');
  const otherCa = await makeAuthority(dir, 'other-ca');
  const server = await makeCertificate(dir, 'server', ca);
  const client = await makeCertificate(dir, 'client', ca);
  const stranger = await makeCertificate(dir, 'stranger', otherCa);
  return { server, client, stranger: { ...stranger, caCertificate: ca.certificate } };
}
