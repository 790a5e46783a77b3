import { createJsonClient, type JsonAnswer } from '../../../core/json-client.ts';
import type { NovaEvent } from './events.ts';

/** `refused`: a token given before that was not taken; there may be another one. */
export interface TokenSource extends Disposable {
  token(refused?: string): Promise<string>;
}

export interface NovaClientOptions {
  /** Base of the compute API, `http://nova.example:8774/v2.1`. */
  readonly url: string;
  /** Milliseconds for one answer. */
  readonly timeoutMs: number;
  /** Certificates to trust instead of the system's, PEM. */
  readonly ca?: string | undefined;
  /** Gives the service's own token; undefined: requests go without one. Disposed with the client. */
  readonly identity?: TokenSource;
}

/** What became of one event: `refused` for good, for instance because the server is gone, or worth another try. */
export type Verdict = 'taken' | 'refused' | 'again';

/** Nova could not be told anything now. */
export class NovaUnavailable extends Error {
  override readonly name = 'NovaUnavailable';
}

/** Disposing closes its connections and ends what is under way. */
export interface NovaClient extends Disposable {
  /** Verdicts in the order of the events. Throws {@link NovaUnavailable} when none of them can be had now. */
  send(events: readonly NovaEvent[]): Promise<readonly Verdict[]>;
}

const OK = 200;
const REDIRECTION = 300;
const UNAUTHORIZED = 401;
const NOT_FOUND = 404;
const SERVER_FAULT = 500;

const codesIn = (body: unknown): readonly unknown[] => {
  const events: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, 'events') : undefined;
  if (!Array.isArray(events)) return [];
  return events.map((each: unknown) =>
    typeof each === 'object' && each !== null ? Reflect.get(each, 'code') : undefined,
  );
};

const verdictOn = (code: unknown): Verdict => {
  if (code === undefined || code === OK) return 'taken';
  return typeof code === 'number' && code < SERVER_FAULT ? 'refused' : 'again';
};

export const createNovaClient = ({ url, timeoutMs, ca, identity }: NovaClientOptions): NovaClient => {
  const target = `${url.replace(/\/+$/, '')}/os-server-external-events`;
  const http = createJsonClient({ ca, timeoutMs });
  const post = async (events: readonly NovaEvent[]): Promise<JsonAnswer> => {
    const postAs = (own: string | undefined): Promise<JsonAnswer> => {
      const headers = own === undefined ? {} : { 'x-auth-token': own };
      return http.send({ method: 'POST', url: new URL(target), headers, body: { events } });
    };
    try {
      const own = await identity?.token();
      const answer = await postAs(own);
      return answer.status === UNAUTHORIZED && own !== undefined
        ? await postAs(await identity?.token(own))
        : answer;
    } catch (error) {
      throw new NovaUnavailable(`${target} cannot be asked`, { cause: error });
    }
  };
  return {
    async send(events) {
      const { status, body } = await post(events);
      if (status >= OK && status < REDIRECTION) {
        const codes = codesIn(body);
        return events.map((_, index) => verdictOn(codes[index]));
      }
      // None of the servers is there.
      if (status === NOT_FOUND && events.length > 0) return events.map(() => 'refused');
      throw new NovaUnavailable(`${target} answered ${status}`);
    },
    [Symbol.dispose]() {
      http[Symbol.dispose]();
      identity?.[Symbol.dispose]();
    },
  };
};
