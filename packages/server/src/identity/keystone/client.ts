import { ServiceUnavailable } from '@ovenbird/api';
import type { Clock } from '../../core/clock.ts';
import { readTokenDocument, type ValidatedToken } from './token-document.ts';

export interface KeystoneOptions {
  /** `http://keystone.example:5000/v3`, with or without `/v3`. */
  readonly url: string;
  readonly userName: string;
  readonly password: string;
  readonly projectName: string;
  readonly userDomainName: string;
  readonly projectDomainName: string;
  readonly clock: Clock;
}

/** Milliseconds for one answer. */
const patience = 10_000;
/** Milliseconds before the end of our own token at which a new one is fetched. */
const margin = 60_000;

interface OwnToken {
  readonly text: string;
  readonly expires: number;
}

/** Validates tokens with the service's own credentials. */
export interface KeystoneClient {
  /** Undefined: Keystone does not accept the token. Throws ApiError 503 when Keystone does not answer as it should. */
  validate(token: string): Promise<ValidatedToken | undefined>;
  /** A token of the service's own; `fresh`: not the one given last. Throws ApiError 503. */
  token(fresh: boolean): Promise<string>;
}

const credentials = (options: KeystoneOptions) => ({
  auth: {
    identity: {
      methods: ['password'],
      password: {
        user: {
          name: options.userName,
          password: options.password,
          domain: { name: options.userDomainName },
        },
      },
    },
    scope: { project: { name: options.projectName, domain: { name: options.projectDomainName } } },
  },
});

export const createKeystoneClient = (options: KeystoneOptions): KeystoneClient => {
  const base = `${options.url.replace(/\/+$/, '').replace(/\/v3$/, '')}/v3/auth/tokens`;
  let own: OwnToken | undefined;
  let loggingIn: Promise<OwnToken> | undefined;

  const ask = async (url: string, init: RequestInit): Promise<Response> => {
    try {
      return await fetch(url, { ...init, redirect: 'error', signal: AbortSignal.timeout(patience) });
    } catch (error) {
      throw ServiceUnavailable(undefined, { cause: error });
    }
  };

  const login = async (): Promise<OwnToken> => {
    const response = await ask(`${base}?nocatalog`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(credentials(options)),
    });
    const text = response.headers.get('x-subject-token');
    const document = readTokenDocument(await response.json().catch(() => undefined));
    if (response.status !== 201 || text === null || document === undefined) {
      throw ServiceUnavailable(undefined, {
        cause: new Error(`Keystone refused our credentials: ${response.status}`),
      });
    }
    return { text, expires: document.expires };
  };

  /** One login for everybody who waits. */
  const ownToken = async (): Promise<string> => {
    if (own !== undefined && own.expires - margin > options.clock.now().getTime()) return own.text;
    loggingIn ??= login().finally(() => {
      loggingIn = undefined;
    });
    own = await loggingIn;
    return own.text;
  };

  const validateOnce = async (token: string): Promise<Response> =>
    ask(`${base}?nocatalog`, { headers: { 'x-auth-token': await ownToken(), 'x-subject-token': token } });

  return {
    token(fresh) {
      if (fresh) own = undefined;
      return ownToken();
    },
    async validate(token) {
      let response = await validateOnce(token);
      if (response.status === 401) {
        // Our own token was revoked: once more with a fresh one.
        await response.body?.cancel();
        own = undefined;
        response = await validateOnce(token);
      }
      if (response.status === 404) {
        await response.body?.cancel();
        return undefined;
      }
      const document = readTokenDocument(await response.json().catch(() => undefined));
      if (response.status !== 200 || document === undefined) {
        throw ServiceUnavailable(undefined, { cause: new Error(`Keystone answered ${response.status}`) });
      }
      return document;
    },
  };
};
