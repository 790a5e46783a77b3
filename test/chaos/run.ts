import { cpSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { randomFrom } from '../ovn/random-operations.ts';
import { Breakage } from './breakage.ts';
import { Clients } from './clients.ts';
import { Invariants } from './invariants.ts';
import { Ledger } from './ledger.ts';
import { descendants, leftovers } from './leftovers.ts';
import { Machines } from './machines.ts';
import { startWorld, type World } from './world.ts';

export interface ChaosOptions {
  readonly seed: number;
  readonly seconds: number;
  readonly clients: number;
  /** Seconds of work between two checkpoints. */
  readonly checkpointEvery: number;
  /** Where to keep the logs when a promise was broken or a part did not come back. */
  readonly keepLogs?: string | undefined;
  readonly say: (line: string) => void;
  /** Ends it early. */
  readonly signal: AbortSignal;
}

export interface ChaosReport {
  readonly operations: number;
  readonly statuses: ReadonlyMap<number, number>;
  /** Breakages by what was done. */
  readonly breakages: ReadonlyMap<string, number>;
  /** How often an ovn-controller ended by itself; it is then started again. */
  readonly crashes: number;
  readonly convergedMs: readonly number[];
  readonly broken: readonly string[];
}

const SHOWN = 20;
/** Characters of what agreed last. */
const LAST_LENGTH = 160;

const total = (counts: ReadonlyMap<unknown, number>): number =>
  [...counts.values()].reduce((sum, count) => sum + count, 0);

/**
 * Random operations by several clients while parts of the whole are killed, paused and started again. Ends at the first
 * checkpoint at which a promise is broken, when the time is over, or when `signal` aborts; throws its reason then. What it
 * leaves behind is a broken promise too.
 */
export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const before = descendants();
  const world = await startWorld();
  let report: ChaosReport;
  try {
    report = await breakAll(world, options);
  } catch (error) {
    if (!options.signal.aborted) await keepLogs(world, options);
    throw error;
  } finally {
    await world[Symbol.asyncDispose]();
    for (const line of leftovers(world, before)) options.say(line);
  }
  return { ...report, broken: [...report.broken, ...leftovers(world, before)] };
}

async function keepLogs(world: World, { keepLogs: folder }: ChaosOptions): Promise<void> {
  if (folder === undefined) return;
  cpSync(world.log, folder, { recursive: true });
  for (const name of ['northbound', 'southbound'] as const)
    for (const [at, server] of world[name].servers.entries())
      writeFileSync(path.join(folder, `${name}-${at}.log`), await server.log());
}

/** Work and break until `signal` aborts; everything works again then. Throws what a worker threw. */
async function round(
  workers: readonly { work(signal: AbortSignal): Promise<void> }[],
  seconds: number,
  signal: AbortSignal,
): Promise<void> {
  const stop = new AbortController();
  const until = AbortSignal.any([stop.signal, signal]);
  const working = workers.map((worker) => worker.work(until));
  const time = sleep(seconds * 1_000, undefined, { signal: until }).catch(() => {});
  try {
    // A worker that fails ends the round, and with it the run.
    await Promise.race([time, Promise.all(working)]);
  } finally {
    stop.abort();
    await Promise.allSettled(working);
  }
  signal.throwIfAborted();
  await Promise.all(working);
}

async function breakAll(world: World, options: ChaosOptions): Promise<ChaosReport> {
  const { seed, say, signal } = options;
  const ledger = new Ledger();
  const convergedMs: number[] = [];
  const broken: string[] = [];
  signal.throwIfAborted();
  say(`seed ${seed}: three services, hosts, Northbound and Southbound servers each, PostgreSQL, ovn-northd`);
  await using observer = await world.members.observe();
  const random = randomFrom(seed);
  const urls = world.members.all.map((member) => member.url);
  const clients = new Clients(urls, ledger, seed, options.clients);
  await clients.prepare();
  const breakage = new Breakage(world, random);
  const workers = [clients, new Machines(world.hosts, random, () => clients.ports), breakage];
  await using invariants = new Invariants(world, observer, ledger);
  const end = performance.now() + options.seconds * 1_000;
  for (let checkpoint = 1; performance.now() < end && broken.length === 0; checkpoint += 1) {
    await round(workers, options.checkpointEvery, signal);
    const found = await invariants.check(signal);
    convergedMs.push(found.convergedMs);
    broken.push(...found.broken);
    const seconds = (found.convergedMs / 1_000).toFixed(1);
    say(
      `checkpoint ${checkpoint}: ${ledger.operations} answers, ${total(breakage.done)} breakages, ` +
        `${found.broken.length} broken promises, agreed after ${seconds} s` +
        (found.last === undefined ? '' : ` (last: ${found.last.slice(0, LAST_LENGTH)})`),
    );
    for (const line of found.broken.slice(0, SHOWN)) say(`  ${line.slice(0, 400)}`);
  }
  if (broken.length > 0) await keepLogs(world, options);
  const { operations, statuses } = ledger;
  const crashes = world.hosts.reduce((sum, host) => sum + host.crashes, 0);
  return { operations, statuses, breakages: breakage.done, crashes, convergedMs, broken };
}
