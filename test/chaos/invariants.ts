import { setTimeout as sleep } from 'node:timers/promises';
import type { App } from '@ovenbird/server';
import { Agreement } from './agreement.ts';
import { forbidden } from './forbidden.ts';
import type { Ledger } from './ledger.ts';
import type { World } from './world.ts';

/** How long everything may take to agree when nothing is broken any more. Milliseconds. */
const CONVERGENCE_LIMIT_MS = 60_000;
const LOOK_EVERY_MS = 250;

export interface Found {
  /** Time until all agreed. */
  readonly convergedMs: number;
  /** What disagreed last; undefined when all agreed at once. */
  readonly last: string | undefined;
  readonly broken: readonly string[];
}

/** Observes a world through a service of its own that changes nothing. */
export class Invariants implements AsyncDisposable {
  readonly #world: World;
  readonly #ledger: Ledger;
  readonly #agreement: Agreement;

  constructor(world: World, observer: App, ledger: Ledger) {
    this.#world = world;
    this.#ledger = ledger;
    this.#agreement = new Agreement(world, observer);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#agreement[Symbol.asyncDispose]();
  }

  /**
   * Wait until OVN, statuses, journal, agents and quotas agree with SQL, then look at everything. Throws when `signal`
   * aborts.
   */
  async check(signal: AbortSignal): Promise<Found> {
    const started = performance.now();
    let open = await this.#agreement.missing();
    let last: string | undefined;
    while (open.length > 0 && performance.now() - started < CONVERGENCE_LIMIT_MS) {
      last = open.at(-1);
      await sleep(LOOK_EVERY_MS, undefined, { signal });
      open = await this.#agreement.missing();
    }
    const convergedMs = performance.now() - started;
    const promises = await this.#ledger.broken(async (table) => {
      const rows = await this.#sql(`select id, revision_number from ${table}`);
      return new Map(rows.map((row) => [String(row.id), Number(row.revision_number)]));
    });
    const dead = this.#world.members.all.filter((member) => !member.running);
    const broken = [
      ...open,
      ...promises,
      ...this.#ledger.faults,
      ...dead.map((member) => `${member.url} ended by itself`),
    ];
    for (const [rule, query] of Object.entries(forbidden))
      for (const row of await this.#sql(query)) broken.push(`${rule}: ${JSON.stringify(row)}`);
    return { convergedMs, last, broken };
  }

  #sql(query: string) {
    return this.#world.postgres.query(this.#world.databaseUrl, query);
  }
}
