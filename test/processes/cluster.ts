import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { northbound, schemaFile, southbound } from '@ovenbird/ovn-db';
import { startOvsdbServer } from '@ovenbird/ovsdb/testing';
import { startPostgres } from '@ovenbird/server/testing';
import { type Member, Members, type MembersOptions } from './members.ts';

export type { Member } from './members.ts';

/** Several `ovenbird serve` on one PostgreSQL and one pair of OVN databases, without hosts. */
export interface Cluster extends AsyncDisposable {
  readonly members: readonly Member[];
  /** Start one more; resolves when it answers. */
  grow(): Promise<Member>;
  /** Rows in which OVN is not what SQL says, found by a process of its own that changes nothing. */
  drift(): Promise<readonly unknown[]>;
  /** Rows of a query in SQL. */
  sql(text: string): Promise<readonly { readonly [column: string]: unknown }[]>;
}

/** Start the databases and `count` members, one after the other. */
export async function startCluster(
  count: number,
  more: Pick<MembersOptions, 'arguments' | 'stopDelay'> = {},
): Promise<Cluster> {
  await using stack = new AsyncDisposableStack();
  const folder = mkdtempSync(path.join(tmpdir(), 'ovenbird-processes-'));
  stack.defer(() => rmSync(folder, { recursive: true, force: true }));
  const postgres = stack.use(await startPostgres());
  const nb = stack.use(await startOvsdbServer({ schemaFile: schemaFile(northbound) }));
  const sb = stack.use(await startOvsdbServer({ schemaFile: schemaFile(southbound) }));
  const databaseUrl = await postgres.createDatabase();
  const databases = { databaseUrl, northbound: [nb.endpoint], southbound: [sb.endpoint] };
  const members = stack.use(new Members({ folder, ...databases, ...more }));
  for (let index = 0; index < count; index += 1) await members.grow();
  const owned = stack.move();
  return {
    members: members.all,
    grow: () => members.grow(),
    async drift() {
      await using app = await members.observe();
      assert.ok(app.ovn);
      await app.ovn.northbound.ready(AbortSignal.timeout(60_000));
      return await app.ovn.drift();
    },
    sql: (text) => postgres.query(databaseUrl, text),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
