import { readFileSync, statSync, unwatchFile, watchFile } from 'node:fs';
import type { RequestListener } from 'node:http';
import { createServer, type Server, type ServerOptions } from 'node:https';
import { ConfigError } from '../config/option.ts';
import type { Logger } from '../core/logger.ts';

/** PEM files of the API's own certificate, with the chain that leads to it, and of its key. */
export interface TlsFiles {
  readonly certificate: string;
  readonly key: string;
}

/** Milliseconds after which a changed file is noticed. */
const LOOK = 2_000;
/** Permission bits of everybody but the owner and the group. */
const OTHERS = 0o007;

/** Nothing older than TLS 1.2, and of that only suites with forward secrecy and authenticated encryption. */
const MODERN = {
  minVersion: 'TLSv1.2',
  ciphers:
    'TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256:ECDHE+AESGCM:ECDHE+CHACHA20',
  honorCipherOrder: true,
} as const;

/**
 * The files to use; undefined: plain HTTP.
 *
 * @throws ConfigError when only one of the two is named
 */
export const tlsFiles = (certificate: string, key: string): TlsFiles | undefined => {
  if (certificate === '' && key === '') return undefined;
  if (certificate === '' || key === '')
    throw new ConfigError('api.tlsCertificate and api.tlsKey must both be set, or neither');
  return { certificate, key };
};

const read = (files: TlsFiles) => ({ cert: readFileSync(files.certificate), key: readFileSync(files.key) });

const start = (files: TlsFiles, options: ServerOptions, handler: RequestListener): Server => {
  try {
    return createServer({ ...options, ...MODERN, ...read(files) }, handler);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConfigError(`api.tlsCertificate, api.tlsKey: ${reason}`, { cause: error });
  }
};

/**
 * An HTTPS server that takes a new certificate by itself when the files change. New connections get it, those that are
 * open go on. Files that do not fit leave the old one in use and are told in the log.
 *
 * @throws ConfigError when the files cannot be used at the start
 */
export const createTlsServer = (
  files: TlsFiles,
  options: ServerOptions,
  handler: RequestListener,
  logger: Logger,
): Server => {
  const server = start(files, options, handler);
  if ((statSync(files.key).mode & OTHERS) !== 0)
    logger.warn({ file: files.key }, 'the key of the API may be read by everybody on this host');
  const renew = (): void => {
    try {
      server.setSecureContext({ ...MODERN, ...read(files) });
      logger.info({ file: files.certificate }, 'the certificate of the API was read again');
    } catch (error) {
      logger.error({ err: error }, 'the new certificate of the API cannot be used; the old one stays');
    }
  };
  const watched = [files.certificate, files.key];
  for (const file of watched) watchFile(file, { interval: LOOK, persistent: false }, renew);
  server.once('close', () => {
    for (const file of watched) unwatchFile(file, renew);
  });
  return server;
};
