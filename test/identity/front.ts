import { readFileSync } from 'node:fs';
import { createServer, type RequestListener, request } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { runCommand } from '../../packages/server/src/lab/command.ts';

/** A certificate for 127.0.0.1 that vouches for itself, PEM. */
export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/** Make one in a folder. Needs openssl 3. */
export const makeCertificate = async (folder: string, name: string): Promise<Certificate> => {
  const [key, cert] = [path.join(folder, `${name}.key`), path.join(folder, `${name}.pem`)];
  const kind = '-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2'.split(' ');
  const subject = ['-subj', `/CN=${name}`, '-addext', 'subjectAltName=IP:127.0.0.1'];
  await runCommand(['openssl', 'req', '-x509', ...kind, ...subject, '-keyout', key, '-out', cert]);
  return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
};

/** A proxy before Keystone. */
export interface Front extends AsyncDisposable {
  readonly url: string;
  /** Requests that came. */
  readonly count: number;
}

/** Pass requests on to Keystone; with a certificate, those that come over TLS. */
export const startFront = async (identityUrl: string, tls?: Certificate): Promise<Front> => {
  let count = 0;
  const pass: RequestListener = (incoming, outgoing) => {
    count += 1;
    const { method, headers, url } = incoming;
    const onward = request(new URL(url ?? '/', identityUrl), { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(outgoing);
    });
    incoming.pipe(onward);
  };
  const server = tls === undefined ? createServer(pass) : createSecureServer({ ...tls }, pass);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // it listens on TCP
  return {
    url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}/v3`,
    get count() {
      return count;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
