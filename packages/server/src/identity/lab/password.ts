import { type BinaryLike, randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';

/** scrypt cost: 16 MiB and some tens of milliseconds a guess. */
const cost: ScryptOptions = { N: 16_384, r: 8, p: 1 };
const keyLength = 32;

const derive = (password: BinaryLike, salt: Buffer): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    scrypt(password, salt, keyLength, cost, (error, key) => (error === null ? resolve(key) : reject(error)));
  });

/** Password → text to keep: `scrypt$<salt>$<key>`, base64. */
export const hashPassword = async (password: string): Promise<string> => {
  const salt = randomBytes(16);
  const key = await derive(password.normalize('NFKC'), salt);
  return `scrypt$${salt.toString('base64')}$${key.toString('base64')}`;
};

/** Whether the password is the one that was hashed. Takes as long for an unknown user (`hash` undefined). */
export const verifyPassword = async (password: string, hash: string | undefined): Promise<boolean> => {
  const [scheme, salt, key] = (hash ?? '').split('$');
  const known = scheme === 'scrypt' && salt !== undefined && key !== undefined;
  const expected = known ? Buffer.from(key, 'base64') : randomBytes(keyLength);
  const derived = await derive(
    password.normalize('NFKC'),
    known ? Buffer.from(salt, 'base64') : randomBytes(16),
  );
  return known && expected.length === derived.length && timingSafeEqual(expected, derived);
};

/** A password that nobody guesses: 24 characters, 144 bits. */
export const randomPassword = (): string => randomBytes(18).toString('base64url');
