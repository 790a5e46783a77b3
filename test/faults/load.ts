import { setTimeout as sleep } from 'node:timers/promises';
import { port } from '@ovenbird/api';
import { until } from '@ovenbird/server';
import type { Service } from './service.ts';

const WORKERS = 8;
/** How long clients may take to get any number of answers, on a slow machine too. */
const PATIENCE_MS = 60_000;

/** Clients that create ports and delete every third of them, from the start until `end`. */
export class PortLoad implements AsyncDisposable {
  /** Ports that were promised to be there, and to be gone; of others nothing was promised. */
  readonly there = new Set<string>();
  readonly gone = new Set<string>();
  /** Status of every answer, counted; 0: the connection broke. */
  readonly statuses = new Map<number, number>();
  readonly #service: Service;
  readonly #network: string;
  readonly #stop = new AbortController();
  readonly #running: Promise<unknown>;

  constructor(service: Service, network: string) {
    this.#service = service;
    this.#network = network;
    this.#running = Promise.all(Array.from({ length: WORKERS }, () => this.#work()));
  }

  /** Resolves when so many more requests have succeeded. */
  more(count: number): Promise<void> {
    const goal = this.#succeeded() + count;
    return until(`${count} requests`, () => this.#succeeded() >= goal, { timeoutMs: PATIENCE_MS });
  }

  /** Resolves when the last request is answered. */
  async end(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.end();
  }

  #succeeded(): number {
    return (this.statuses.get(201) ?? 0) + (this.statuses.get(204) ?? 0);
  }

  #count(status: number): void {
    this.statuses.set(status, (this.statuses.get(status) ?? 0) + 1);
  }

  async #work(): Promise<void> {
    for (let turn = 1; !this.#stop.signal.aborted; turn += 1) {
      const made = await this.#service.create(port, { network_id: this.#network, name: `load-${turn}` });
      this.#count(made.status);
      if (made.status === 0) await sleep(50);
      if (made.status !== 201 || made.id === undefined) continue;
      this.there.add(made.id);
      if (turn % 3 !== 0) continue;
      this.there.delete(made.id);
      const status = await this.#service.remove(port, made.id);
      this.#count(status);
      if (status === 204) this.gone.add(made.id);
    }
  }
}
