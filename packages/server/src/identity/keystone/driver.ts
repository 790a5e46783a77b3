import { HTTPUnauthorized } from '@ovenbird/api';
import type { IdentityDriver } from '../driver.ts';
import { createTokenCache } from '../token-cache.ts';
import { createKeystoneClient, type KeystoneOptions } from './client.ts';
import type { ValidatedToken } from './token-document.ts';

export interface KeystoneDriverOptions extends KeystoneOptions {
  /** Seconds that a validated token is believed without asking again. */
  readonly tokenCacheTime: number;
}

/** Tokens remembered at once. */
const cacheSize = 10_000;
/** Longer than any token of Keystone. */
const longestToken = 8192;

/** Accepts Keystone's tokens, asking Keystone about each and remembering the answer for a while. */
export const createKeystoneIdentityDriver = (options: KeystoneDriverOptions): IdentityDriver => {
  const client = createKeystoneClient(options);
  const cache = createTokenCache<ValidatedToken>(cacheSize);
  /** Questions under way, so that a burst of requests with one token asks once. */
  const asking = new Map<string, Promise<ValidatedToken | undefined>>();

  const ask = async (token: string): Promise<ValidatedToken | undefined> => {
    const found = await client.validate(token);
    const now = options.clock.now().getTime();
    if (found === undefined || found.expires <= now) return undefined;
    cache.set(token, found, Math.min(found.expires, now + options.tokenCacheTime * 1000));
    return found;
  };

  const validated = async (token: string): Promise<ValidatedToken> => {
    // Header values of other characters cannot be sent on, and no token has them.
    if (token === '' || token.length > longestToken || !/^[\x21-\x7e]+$/.test(token))
      throw HTTPUnauthorized();
    const known = cache.get(token, options.clock.now().getTime());
    if (known !== undefined) return known;
    let question = asking.get(token);
    if (question === undefined) {
      question = ask(token).finally(() => asking.delete(token));
      asking.set(token, question);
    }
    const found = await question;
    if (found === undefined) throw HTTPUnauthorized();
    return found;
  };

  return {
    name: 'keystone',
    publicUrl: options.url,
    async authenticate({ token, serviceToken }, requestId) {
      if (token === undefined) throw HTTPUnauthorized();
      const { context } = await validated(token);
      const service = serviceToken === undefined ? undefined : await validated(serviceToken);
      return { ...context, requestId, serviceRoles: service?.context.roles ?? [] };
    },
    async [Symbol.asyncDispose]() {
      cache.clear();
    },
  };
};
