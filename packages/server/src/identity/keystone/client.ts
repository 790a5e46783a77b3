import type { Clock } from '../../core/clock.ts';
import { createJsonClient, type JsonAnswer, type JsonRequest } from '../../core/json-client.ts';
import type { Logger } from '../../core/logger.ts';
import { type Backoff, retry } from '../../core/retry.ts';
import { readTokenDocument, type ValidatedToken } from './token-document.ts';
import { createTroubleLog, KeystoneTrouble } from './trouble.ts';

export interface KeystoneOptions {
  /** `http://keystone.example:5000/v3`, with or without `/v3`. */
  readonly url: string;
  readonly userName: string;
  readonly password: string;
  readonly projectName: string;
  readonly userDomainName: string;
  readonly projectDomainName: string;
  /** Certificates to trust instead of the system's, PEM. */
  readonly ca?: string | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Milliseconds for one answer. */
const timeoutMs = 10_000;
/** Milliseconds before the end of our own token at which a new one is fetched. */
const margin = 60_000;
/** Milliseconds without another login after one was refused: Keystone may lock users whose password is tried too often. */
const pause = 5_000;
/** A Keystone that restarts, or closes a kept connection, is asked again. */
const backoff: Backoff = { tries: 3, firstDelay: 100, maxDelay: 500, factor: 2 };
/** Below it is an answer, from it on (and "too many requests") none yet. */
const serverFault = 500;
const tooMany = 429;

interface OwnToken {
  readonly text: string;
  readonly expires: number;
}

/** Validates tokens with the service's own credentials. Errors are ApiErrors 503. */
export interface KeystoneClient extends Disposable {
  /**
   * Undefined: Keystone does not accept the token.
   *
   * @param expired whether a token that has ended is accepted too, for as long as Keystone still knows it
   */
  validate(token: string, expired: boolean): Promise<ValidatedToken | undefined>;
  /** A token of the service's own; `fresh`: not the one given last. */
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

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
const timedOut = (error: unknown): boolean =>
  error instanceof Error && ['AbortError', 'TimeoutError'].includes(error.name);

/** Ask until there is an answer that is one. Throws {@link KeystoneTrouble}. */
const createAsk = (ca: string | undefined) => {
  const http = createJsonClient({ ca, timeoutMs });
  const once = async (request: JsonRequest): Promise<JsonAnswer> => {
    const answer = await http.send(request).catch((error: unknown) => {
      throw new KeystoneTrouble('away', reasonOf(error), { cause: error, repeat: !timedOut(error) });
    });
    if (answer.status >= serverFault || answer.status === tooMany)
      throw new KeystoneTrouble('away', `it answered ${answer.status}`, { repeat: true });
    return answer;
  };
  const retriable = (error: unknown): boolean => error instanceof KeystoneTrouble && error.repeat;
  return {
    ask: (request: JsonRequest) => retry(() => once(request), { backoff, retriable }),
    [Symbol.dispose]: () => http[Symbol.dispose](),
  };
};

/** The service's own token: one login for everybody who waits, and none while Keystone has just refused one. */
const createLogin = (
  options: KeystoneOptions,
  ask: (request: JsonRequest) => Promise<JsonAnswer>,
  url: URL,
) => {
  let own: OwnToken | undefined;
  let loggingIn: Promise<OwnToken> | undefined;
  let refused: { readonly by: KeystoneTrouble; readonly until: number } | undefined;
  const now = (): number => options.clock.now().getTime();

  const login = async (): Promise<OwnToken> => {
    if (refused !== undefined && refused.until > now()) throw refused.by;
    const { status, headers, body } = await ask({
      method: 'POST',
      url,
      headers: {},
      body: credentials(options),
    });
    const text = headers['x-subject-token'];
    const document = readTokenDocument(body);
    if (status === 201 && typeof text === 'string' && document !== undefined)
      return { text, expires: document.expires };
    const by = new KeystoneTrouble('credentials', `it answered ${status}`);
    refused = { by, until: now() + pause };
    throw by;
  };

  return async (fresh: boolean): Promise<string> => {
    if (fresh) own = undefined;
    if (own !== undefined && own.expires - margin > now()) return own.text;
    loggingIn ??= login().finally(() => {
      loggingIn = undefined;
    });
    own = await loggingIn;
    return own.text;
  };
};

export const createKeystoneClient = (options: KeystoneOptions): KeystoneClient => {
  const base = `${options.url.replace(/\/+$/, '').replace(/\/v3$/, '')}/v3/auth/tokens?nocatalog`;
  const connection = createAsk(options.ca);
  const ownToken = createLogin(options, connection.ask, new URL(base));
  const log = createTroubleLog(options.logger);

  const look = async (token: string, expired: boolean, fresh: boolean): Promise<JsonAnswer> => {
    const headers = { 'x-auth-token': await ownToken(fresh), 'x-subject-token': token };
    const url = new URL(expired ? `${base}&allow_expired=1` : base);
    return connection.ask({ method: 'GET', url, headers });
  };

  const validate = async (token: string, expired: boolean): Promise<ValidatedToken | undefined> => {
    let answer = await look(token, expired, false);
    // Our own token was revoked: once more with a fresh one.
    if (answer.status === 401) answer = await look(token, expired, true);
    if (answer.status === 404) return undefined;
    if (answer.status === 401 || answer.status === 403)
      throw new KeystoneTrouble('role', `it answered ${answer.status}`);
    const document = readTokenDocument(answer.body);
    if (answer.status !== 200 || document === undefined)
      throw new KeystoneTrouble('away', `it answered ${answer.status} with something else`);
    return document;
  };

  /** Tell of troubles, and answer with 503 while there is one. */
  const told = async <T>(work: Promise<T>): Promise<T> => {
    try {
      const result = await work;
      log.well();
      return result;
    } catch (error) {
      if (!(error instanceof KeystoneTrouble)) throw error;
      log.found(error);
      throw error.asAnswer();
    }
  };

  return {
    token: (fresh) => told(ownToken(fresh)),
    validate: (token, expired) => told(validate(token, expired)),
    [Symbol.dispose]: () => connection[Symbol.dispose](),
  };
};
