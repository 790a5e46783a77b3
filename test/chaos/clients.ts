import { setTimeout as sleep } from 'node:timers/promises';
import { anonymousProject } from '../../packages/server/src/identity/none.ts';
import { type Known, nothingKnown, RandomOperations } from '../ovn/random-operations.ts';
import type { Answer } from '../ovn/stack.ts';
import type { Ledger, Told } from './ledger.ts';

/** A request may take as long as the slowest heal, and no longer. Milliseconds. */
const REQUEST_TIMEOUT_MS = 30_000;
const PAUSE_AFTER_FAILURE_MS = 100;
/** So few that clients meet these limits all the time. */
const LIMITS = { trunk: 8, address_group: 8 };

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

const toldIn = (body: Answer['body']): Told => {
  if (typeof body !== 'object' || body === null) return {};
  const [member] = Object.values<Told | null>(body);
  return member ?? {};
};

/** Clients that do random operations on objects that they share, through whichever service answers. */
export class Clients {
  readonly #urls: readonly string[];
  readonly #ledger: Ledger;
  readonly #known: Known = nothingKnown();
  readonly #operations: readonly RandomOperations[];
  #next = 0;

  constructor(urls: readonly string[], ledger: Ledger, seed: number, count: number) {
    this.#urls = urls;
    this.#ledger = ledger;
    const asked = {
      ask: (method: Method, path: string, body?: object) => this.#ask(method, path, body),
      make: (collection: string, body: object) => this.#make(collection, body),
    };
    this.#operations = Array.from(
      { length: count },
      (_, index) => new RandomOperations(asked, seed * 1_000 + index, this.#known),
    );
  }

  /** Make what the work needs, while nothing is broken. */
  async prepare(): Promise<void> {
    for (const operations of this.#operations) await operations.prepare();
    const { status } = await this.#ask('PUT', `quotas/${anonymousProject}`, { quota: LIMITS });
    if (status !== 200) throw new Error(`limits: ${status}`);
  }

  /** Work until `signal` aborts; resolves when the last answer has come. */
  async work(signal: AbortSignal): Promise<void> {
    const one = async (operations: RandomOperations): Promise<void> => {
      while (!signal.aborted) await operations.step();
    };
    await Promise.all(this.#operations.map(one));
  }

  /** Ports that clients know of. */
  get ports(): readonly string[] {
    return this.#known.ports;
  }

  async #ask(method: Method, path: string, body?: object): Promise<Answer> {
    const base = this.#urls[this.#next++ % this.#urls.length];
    try {
      const response = await fetch(`${base}/v2.0/${path}`, {
        method,
        signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
        ...(body ? { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } } : {}),
      });
      const text = await response.text();
      const answer = text === '' ? undefined : JSON.parse(text);
      this.#ledger.note(method, path, response.status, toldIn(answer), text);
      // Whoever asks is not to take a fault that is excused for one of the service.
      const status = response.status >= 500 ? 0 : response.status;
      if (status === 0) await sleep(PAUSE_AFTER_FAILURE_MS);
      return { status, body: answer ?? {} };
    } catch (error) {
      this.#ledger.note(method, path, 0, {}, String(error));
      await sleep(PAUSE_AFTER_FAILURE_MS);
      return { status: 0, body: {} };
    }
  }

  async #make(collection: string, body: object): Promise<Answer['body']> {
    const [singular = ''] = Object.keys(body);
    for (;;) {
      const answer = await this.#ask('POST', collection, body);
      if (answer.status === 201) return answer.body[singular];
      if (answer.status !== 0) throw new Error(`${collection}: ${JSON.stringify(answer.body)}`);
    }
  }
}
