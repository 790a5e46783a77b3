import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from './client.ts';
import type { Recorded } from './recorded.ts';
import { openOvsdbReplay } from './replay-ovsdb.ts';
import { openSqlReplay } from './replay-sql.ts';
import { numbersTo, type Summary, summarise } from './samples.ts';
import type { BenchServer } from './server.ts';
import { createOne, type Subject } from './workload.ts';

/** A create by the service, and what it costs the databases alone. */
export interface Comparison {
  readonly create: Summary;
  readonly sql: Summary & { readonly statements: number };
  readonly northbound: Summary & { readonly operations: number };
  /** The create in multiples of both limits together, by medians. */
  readonly multiple: number;
  /** The same with limits that were measured afterwards, when ovn-northd had nothing left to do. */
  readonly multipleOfQuiet: number;
}

/** Where a create inserts, in SQL and in the Northbound database. */
export interface CreateTables {
  readonly sql: string;
  readonly northbound: string;
}

/** Time for what still goes on behind the last answer to reach the databases. */
const SETTLE_MS = 1_500;
/** Part of the recorded transactions that is kept for the limits of a quiet machine. */
const QUIET_PART = 1 / 3;

interface Copies {
  readonly sql: string;
  readonly northbound: string;
}

/** Copies of both databases as they are now. */
const copyDatabases = (server: BenchServer): Copies => {
  const sql = join(server.scratch, 'replay.sqlite');
  const northbound = join(server.scratch, 'replay.ovsdb');
  for (const file of [sql, `${sql}-wal`, `${sql}-shm`, northbound, `${northbound}.~lock~`]) {
    rmSync(file, { force: true });
  }
  using database = new DatabaseSync(server.sqlFile, { readOnly: true });
  database.prepare('vacuum into ?').run(sql);
  copyFileSync(server.northboundFile, northbound);
  return { sql, northbound };
};

const summary = (durations: readonly number[]): Summary =>
  summarise(
    durations,
    durations.reduce((sum, each) => sum + each, 0),
  );

/** What the server says to its databases for `count` creates. Leaves nothing. */
const recordCreates = async (
  server: BenchServer,
  client: Client,
  subject: Subject,
  count: number,
): Promise<Recorded> => {
  const made: string[] = [];
  const recorded = await server.record(async () => {
    for (const index of numbersTo(count)) made.push(await createOne(client, subject, index));
    await sleep(SETTLE_MS);
  });
  for (const id of made) await client.send('DELETE', `${subject.path}/${id}`);
  return recorded;
};

/**
 * Record what the server says to its databases for `count` creates. Then, in turns, so that all three meet the same machine
 * with the same ovn-northd at work on it: a create by the service, and one of the recorded transactions on a copy of each
 * database as it was before. The rest of them follows when nothing else is at work. Leaves nothing.
 */
export const compareWithLimits = async (
  server: BenchServer,
  client: Client,
  subject: Subject,
  tables: CreateTables,
  count: number,
): Promise<Comparison> => {
  await sleep(SETTLE_MS);
  const copies = copyDatabases(server);
  const recorded = await recordCreates(server, client, subject, count);
  using sql = openSqlReplay(copies.sql, recorded, tables.sql);
  const file = copies.northbound;
  await using northbound = await openOvsdbReplay(file, server.scratch, recorded, tables.northbound);
  const all = { create: [] as number[], sql: [] as number[], northbound: [] as number[] };
  const made: string[] = [];
  const quiet = Math.floor(count * QUIET_PART);
  for (const index of numbersTo(count - quiet)) {
    const started = performance.now();
    made.push(await createOne(client, subject, index));
    all.create.push(performance.now() - started);
    all.sql.push(...sql.run(1));
    all.northbound.push(...(await northbound.run(1)));
  }
  for (const id of made) await client.send('DELETE', `${subject.path}/${id}`);
  await sleep(SETTLE_MS);
  const alone = summary(sql.run(quiet)).p50 + summary(await northbound.run(quiet)).p50;
  const [create, bySql, byNorthbound] = [summary(all.create), summary(all.sql), summary(all.northbound)];
  return {
    create,
    sql: { ...bySql, statements: sql.statements },
    northbound: { ...byNorthbound, operations: northbound.operations },
    multiple: create.p50 / (bySql.p50 + byNorthbound.p50),
    multipleOfQuiet: create.p50 / alone,
  };
};
