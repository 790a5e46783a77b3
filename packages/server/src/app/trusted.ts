import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { ConfigError } from '../config/config.ts';

/**
 * The certificates that a setting names as those to trust, PEM; undefined: it names none.
 *
 * @throws ConfigError when they cannot be read
 */
export const trustedCertificates = (setting: string, file: string): string | undefined => {
  if (file === '') return undefined;
  try {
    const pem = readFileSync(file, 'utf8');
    createSecureContext({ ca: pem });
    if (pem.includes('-----BEGIN CERTIFICATE-----')) return pem;
  } catch (error) {
    throw new ConfigError(`${setting} ${file} cannot be read`, { cause: error });
  }
  throw new ConfigError(`${setting} ${file} holds no certificate`);
};
