import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from './client.ts';
import { replayOvsdb } from './replay-ovsdb.ts';
import { replaySql } from './replay-sql.ts';
import { numbersTo, type Summary } from './samples.ts';
import type { BenchServer } from './server.ts';
import { createOne, type Subject } from './workload.ts';

/** What one create costs the databases alone. */
export interface RawLimit {
  readonly sql: Summary & { readonly statements: number };
  readonly northbound: Summary & { readonly operations: number };
}

/** Time for what still goes on behind the last answer to reach the databases. */
const SETTLE_MS = 1_500;

/**
 * Record what the server says to its databases for `count` creates, and run exactly that again on copies of the
 * databases as they were before, with nobody else at work.
 *
 * @param tables where a create inserts, in SQL and in the Northbound database
 */
export const rawLimit = async (
  server: BenchServer,
  client: Client,
  subject: Subject,
  tables: { readonly sql: string; readonly northbound: string },
  count: number,
): Promise<RawLimit> => {
  const sqlCopy = join(server.scratch, 'replay.sqlite');
  const northboundCopy = join(server.scratch, 'replay.ovsdb');
  for (const file of [
    sqlCopy,
    `${sqlCopy}-wal`,
    `${sqlCopy}-shm`,
    northboundCopy,
    `${northboundCopy}.~lock~`,
  ]) {
    rmSync(file, { force: true });
  }
  await sleep(SETTLE_MS);
  {
    using database = new DatabaseSync(server.sqlFile, { readOnly: true });
    database.prepare('vacuum into ?').run(sqlCopy);
  }
  copyFileSync(server.northboundFile, northboundCopy);
  const ids: string[] = [];
  const recorded = await server.record(async () => {
    for (const index of numbersTo(count)) ids.push(await createOne(client, subject, index));
    await sleep(SETTLE_MS);
  });
  const sql = replaySql(sqlCopy, recorded, tables.sql);
  const northbound = await replayOvsdb(northboundCopy, server.scratch, recorded, tables.northbound);
  for (const id of ids) await client.send('DELETE', `${subject.path}/${id}`);
  return { sql, northbound };
};
