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
  /** The create in multiples of both limits together: the median of the rounds. */
  readonly multiple: number;
}

/** Where a create inserts, in SQL and in the Northbound database. */
export interface CreateTables {
  readonly sql: string;
  readonly northbound: string;
}

/** Time for what still goes on behind the last answer to reach the databases. */
const SETTLE_MS = 1_500;
/** Time for ovn-northd to become idle, so that the limits are those of databases with nobody else at work. */
const IDLE_MS = 300;
const ROUNDS = 10;

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

const median = (values: readonly number[]): number => summarise(values, 1).p50;

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

/** Milliseconds of `count` creates by the service, one after another; what they made is taken away behind them. */
const timeCreates = async (client: Client, subject: Subject, count: number): Promise<readonly number[]> => {
  const created: number[] = [];
  const made: string[] = [];
  for (const index of numbersTo(count)) {
    const started = performance.now();
    made.push(await createOne(client, subject, index));
    created.push(performance.now() - started);
  }
  for (const id of made) await client.send('DELETE', `${subject.path}/${id}`);
  return created;
};

/**
 * Record what the server says to its databases for `count` creates. Then, in rounds so that all three meet the same
 * machine: some creates by the service, and as many of the recorded transactions again, on copies of the databases as they
 * were before, with nobody else at work. Leaves nothing.
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
  const multiples: number[] = [];
  const each = Math.ceil(count / ROUNDS);
  for (const _round of numbersTo(ROUNDS)) {
    const created = await timeCreates(client, subject, each);
    await sleep(IDLE_MS);
    const [bySql, byNorthbound] = [sql.run(each), await northbound.run(each)];
    multiples.push(median(created) / (median(bySql) + median(byNorthbound)));
    all.create.push(...created);
    all.sql.push(...bySql);
    all.northbound.push(...byNorthbound);
  }
  return {
    create: summary(all.create),
    sql: { ...summary(all.sql), statements: sql.statements },
    northbound: { ...summary(all.northbound), operations: northbound.operations },
    multiple: median(multiples),
  };
};
