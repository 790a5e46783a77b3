import type { NovaEvent } from './events.ts';

export interface NovaClientOptions {
  /** Base of the compute API, `http://nova.example:8774/v2.1`. */
  readonly url: string;
  /** Milliseconds for one answer. */
  readonly timeoutMs: number;
  /** The service's own token; `fresh`: the last one was refused. undefined: requests go without one. */
  readonly token?: (fresh: boolean) => Promise<string>;
}

/** What became of one event: `refused` for good, for instance because the server is gone, or worth another try. */
export type Verdict = 'taken' | 'refused' | 'again';

/** Nova could not be told anything now. */
export class NovaUnavailable extends Error {
  override readonly name = 'NovaUnavailable';
}

export interface NovaClient {
  /** Verdicts in the order of the events. Throws {@link NovaUnavailable} when none of them can be had now. */
  send(events: readonly NovaEvent[]): Promise<readonly Verdict[]>;
}

const OK = 200;
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

export const createNovaClient = ({ url, timeoutMs, token }: NovaClientOptions): NovaClient => {
  const target = `${url.replace(/\/+$/, '')}/os-server-external-events`;
  const post = async (events: readonly NovaEvent[], fresh: boolean): Promise<Response> => {
    try {
      const own = await token?.(fresh);
      return await fetch(target, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(own === undefined ? {} : { 'x-auth-token': own }),
        },
        body: JSON.stringify({ events }),
        redirect: 'error',
        signal: AbortSignal.timeout(timeoutMs),
      });
    } catch (error) {
      throw new NovaUnavailable(`${target} cannot be asked`, { cause: error });
    }
  };
  return {
    async send(events) {
      let response = await post(events, false);
      if (response.status === UNAUTHORIZED && token !== undefined) {
        await response.body?.cancel();
        response = await post(events, true);
      }
      const body: unknown = await response.json().catch(() => undefined);
      if (response.ok) {
        const codes = codesIn(body);
        return events.map((_, index) => verdictOn(codes[index]));
      }
      // None of the servers is there.
      if (response.status === NOT_FOUND && events.length > 0) return events.map(() => 'refused');
      throw new NovaUnavailable(`${target} answered ${response.status}`);
    },
  };
};
