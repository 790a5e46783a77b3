import { readFileSync } from 'node:fs';
import { createServer, type RequestListener, request } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { makeCertificate } from '@ovenbird/server/testing';

/** A certificate for 127.0.0.1 that vouches for itself, PEM. */
export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/** Make one, with its files in a folder. */
export const certificateFor = (folder: string, name: string): Certificate => {
  const files = makeCertificate(folder, name, { alternative: 'IP:127.0.0.1' });
  return { key: readFileSync(files.key, 'utf8'), cert: readFileSync(files.certificate, 'utf8') };
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
