import { createJsonClient, type JsonAnswer, type JsonRequest } from '../../core/json-client.ts';
import type { Logger } from '../../core/logger.ts';
import { type Backoff, retry } from '../../core/retry.ts';
import { createLogin, type LoginOptions } from './login.ts';
import { readTokenDocument, type ValidatedToken } from './token-document.ts';
import { createTroubleLog, KeystoneTrouble } from './trouble.ts';

export interface KeystoneOptions extends LoginOptions {
  /** `http://keystone.example:5000/v3`, with or without `/v3`. */
  readonly url: string;
  /** Certificates to trust instead of the system's, PEM. */
  readonly ca?: string | undefined;
  readonly logger: Logger;
}

/** Milliseconds for one answer. */
const timeoutMs = 10_000;
/** A Keystone that restarts, or closes a kept connection, is asked again. */
const backoff: Backoff = { tries: 3, firstDelay: 100, maxDelay: 500, factor: 2 };
/** Below it is an answer, from it on (and "too many requests") none yet. */
const serverFault = 500;
const tooMany = 429;

/** Validates tokens with the service's own credentials. Errors are ApiErrors 503. */
export interface KeystoneClient extends Disposable {
  /**
   * Undefined: Keystone does not accept the token.
   *
   * @param expired whether a token that has ended is accepted too, for as long as Keystone still knows it
   */
  validate(token: string, expired: boolean): Promise<ValidatedToken | undefined>;
  /** A token of the service's own; not `refused`, which it gave before, unless that is too new to be replaced. */
  token(refused?: string): Promise<string>;
}

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

export const createKeystoneClient = (options: KeystoneOptions): KeystoneClient => {
  const base = `${options.url.replace(/\/+$/, '').replace(/\/v3$/, '')}/v3/auth/tokens?nocatalog`;
  const connection = createAsk(options.ca);
  const ownToken = createLogin(options, connection.ask, new URL(base));
  const log = createTroubleLog(options.logger);

  const look = (token: string, expired: boolean, own: string): Promise<JsonAnswer> => {
    const headers = { 'x-auth-token': own, 'x-subject-token': token };
    const url = new URL(expired ? `${base}&allow_expired=1` : base);
    return connection.ask({ method: 'GET', url, headers });
  };

  const validate = async (token: string, expired: boolean): Promise<ValidatedToken | undefined> => {
    const own = await ownToken();
    let answer = await look(token, expired, own);
    // Our own token was revoked: once more with another one.
    if (answer.status === 401) answer = await look(token, expired, await ownToken(own));
    if (answer.status === 404) return undefined;
    if (answer.status === 401) throw new KeystoneTrouble('token', 'it answered 401');
    if (answer.status === 403) throw new KeystoneTrouble('role', 'it answered 403');
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
    token: (refused) => told(ownToken(refused)),
    validate: (token, expired) => told(validate(token, expired)),
    [Symbol.dispose]: () => connection[Symbol.dispose](),
  };
};
