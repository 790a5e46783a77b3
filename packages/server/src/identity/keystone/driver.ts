import { HTTPUnauthorized } from '@ovenbird/api';
import type { IdentityDriver } from '../driver.ts';
import { acceptedService } from '../service-token.ts';
import { createTokenCache, hashOf } from '../token-cache.ts';
import { createKeystoneClient, type KeystoneOptions } from './client.ts';
import type { ValidatedToken } from './token-document.ts';

export interface KeystoneDriverOptions extends KeystoneOptions {
  /** Seconds that a validated token is believed without asking again. */
  readonly tokenCacheTime: number;
  /** Roles of which a service token must have one. */
  readonly serviceTokenRoles: readonly string[];
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
  const now = (): number => options.clock.now().getTime();

  const ask = async (token: string, expired: boolean): Promise<ValidatedToken | undefined> => {
    const found = await client.validate(token, expired);
    if (found !== undefined) cache.set(token, found, now() + options.tokenCacheTime * 1000);
    return found;
  };

  const known = (token: string, expired: boolean): Promise<ValidatedToken | undefined> => {
    const key = `${expired} ${hashOf(token)}`;
    let question = asking.get(key);
    if (question === undefined) {
      question = ask(token, expired).finally(() => asking.delete(key));
      asking.set(key, question);
    }
    return question;
  };

  const validated = async (token: string, expired: boolean): Promise<ValidatedToken> => {
    // Header values of other characters cannot be sent on, and no token has them.
    if (token === '' || token.length > longestToken || !/^[\x21-\x7e]+$/.test(token))
      throw HTTPUnauthorized();
    const found = cache.get(token, now()) ?? (await known(token, expired));
    if (found === undefined || (!expired && found.expires <= now())) throw HTTPUnauthorized();
    return found;
  };

  return {
    name: 'keystone',
    publicUrl: options.url,
    async authenticate({ token, serviceToken }, requestId) {
      if (token === undefined) throw HTTPUnauthorized();
      const service = serviceToken === undefined ? undefined : await validated(serviceToken, false);
      const serviceRoles = acceptedService(service?.context.roles, options.serviceTokenRoles);
      // A long chain of services may outlive the token that began it; only a service may say so.
      const { context } = await validated(token, service !== undefined);
      return { ...context, requestId, serviceRoles };
    },
    async [Symbol.asyncDispose]() {
      cache.clear();
      client[Symbol.dispose]();
    },
  };
};
