import { cpSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { randomFrom } from '../ovn/random-operations.ts';
import { Breakage } from './breakage.ts';
import { Clients } from './clients.ts';
import { Invariants } from './invariants.ts';
import { Ledger } from './ledger.ts';
import { Machines } from './machines.ts';
import { startWorld } from './world.ts';

export interface ChaosOptions {
  readonly seed: number;
  readonly seconds: number;
  readonly clients: number;
  /** Seconds of work between two checkpoints. */
  readonly checkpointEvery: number;
  /** Where to keep the logs when a promise was broken. */
  readonly keepLogs?: string | undefined;
  readonly say: (line: string) => void;
}

export interface ChaosReport {
  readonly operations: number;
  readonly statuses: ReadonlyMap<number, number>;
  /** Breakages by what was done. */
  readonly breakages: ReadonlyMap<string, number>;
  readonly convergedMs: readonly number[];
  readonly broken: readonly string[];
  /** What the names of its network namespaces began with. */
  readonly prefix: string;
}

const SHOWN = 20;

const total = (counts: ReadonlyMap<unknown, number>): number =>
  [...counts.values()].reduce((sum, count) => sum + count, 0);

/**
 * Random operations by several clients while parts of the whole are killed, paused and started again. Ends at the first
 * checkpoint at which a promise is broken, or when the time is over. Leaves nothing behind.
 */
export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const { seed, say } = options;
  const ledger = new Ledger();
  const convergedMs: number[] = [];
  const broken: string[] = [];
  await using world = await startWorld();
  say(`seed ${seed}: three services, hosts, Northbound and Southbound servers each, PostgreSQL, ovn-northd`);
  await using observer = await world.members.observe();
  const random = randomFrom(seed);
  const clients = new Clients(
    world.members.all.map((member) => member.url),
    ledger,
    seed,
    options.clients,
  );
  await clients.prepare();
  const machines = new Machines(world.hosts, random, () => clients.ports);
  const breakage = new Breakage(world, random);
  const invariants = new Invariants(world, observer, ledger);
  const end = performance.now() + options.seconds * 1_000;
  for (let checkpoint = 1; performance.now() < end && broken.length === 0; checkpoint += 1) {
    const stop = new AbortController();
    const working = [clients.work(stop.signal), machines.work(stop.signal), breakage.work(stop.signal)];
    try {
      // A worker that fails ends the round, and with it the run.
      await Promise.race([sleep(options.checkpointEvery * 1_000), Promise.all(working)]);
    } finally {
      stop.abort();
      await Promise.allSettled(working);
    }
    await Promise.all(working);
    const found = await invariants.check();
    convergedMs.push(found.convergedMs);
    broken.push(...found.broken);
    const seconds = (found.convergedMs / 1_000).toFixed(1);
    say(
      `checkpoint ${checkpoint}: ${ledger.operations} answers, ${total(breakage.done)} breakages, ` +
        `${found.broken.length} broken promises, agreed after ${seconds} s`,
    );
    for (const line of found.broken.slice(0, SHOWN)) say(`  ${line.slice(0, 400)}`);
  }
  if (broken.length > 0 && options.keepLogs !== undefined)
    cpSync(world.log, options.keepLogs, { recursive: true });
  return {
    operations: ledger.operations,
    statuses: ledger.statuses,
    breakages: breakage.done,
    convergedMs,
    broken,
    prefix: world.prefix,
  };
}
