import assert from 'node:assert/strict';
import { it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { quietLogger } from '../../packages/server/src/core/logger.ts';
import type { Database } from '../../packages/server/src/db/database.ts';
import { Applier } from '../../packages/server/src/drivers/mech/ovn/apply.ts';
import { connectNorthbound } from '../../packages/server/src/drivers/mech/ovn/databases.ts';
import { defaultOvnSettings } from '../../packages/server/src/drivers/mech/ovn/settings.ts';
import { createSnapshotLoader } from '../../packages/server/src/drivers/mech/ovn/snapshot/load.ts';
import {
  type OvnServers,
  startOvnServers,
} from '../../packages/server/src/drivers/mech/ovn/testing/ovn-servers.ts';
import { withRows } from '../../packages/server/src/drivers/mech/ovn/testing/rows.ts';
import { forEachDialect } from '../../packages/server/src/testing/databases.ts';

const applierOf = async (servers: OvnServers, database: Database) => {
  const northbound = connectNorthbound({ endpoints: [servers.northbound.endpoint] });
  await northbound.ready();
  const applier = new Applier({
    northbound,
    database,
    loader: createSnapshotLoader(() => undefined),
    settings: defaultOvnSettings,
    logger: quietLogger(),
    onApplied: () => {},
    onFailed: () => {},
    shared: true,
  });
  const stack = new AsyncDisposableStack();
  stack.use(northbound);
  stack.use(applier);
  return { applier, northbound, [Symbol.asyncDispose]: () => stack.disposeAsync() };
};

/** A database whose reads are held after they saw what there is, until `let` resolves. */
const slow = (database: Database, read: () => void, let_: Promise<void>): Database => ({
  traits: database.traits,
  ping: () => database.ping(),
  alone: (name, callback) => database.alone(name, callback),
  transaction: (callback) => database.transaction(callback),
  read: (callback) => database.read(callback),
  async readLatest(callback) {
    const result = await database.readLatest(callback);
    read();
    await let_;
    return result;
  },
  [Symbol.asyncDispose]: async () => {},
});

forEachDialect('a process that is slow', (databases) => {
  for (const [name, journalStays, pause] of [
    ['while the journal tells of it', true, 50],
    ['when the journal has forgotten it', false, 400],
    ['longer than a snapshot may be old', false, 1_200],
  ] as const) {
    it(`does not leave behind what another one has deleted, ${name}`, async () => {
      await using servers = await startOvnServers();
      const database = await databases.open();
      const id = await withRows(database, async (rows, tx) => {
        const port = await rows.port(await rows.network());
        await tx.query.insertInto('journal').values({ kind: 'port', id: port, created_at: tx.now }).execute();
        return port;
      });
      const hasRead = Promise.withResolvers<void>();
      const goOn = Promise.withResolvers<void>();
      await using late = await applierOf(servers, slow(database, hasRead.resolve, goOn.promise));
      await using other = await applierOf(servers, database);
      const key = { kind: 'port', id } as const;
      const inserted: string[] = [];
      using _watching = other.northbound.onBatch(({ changes }) => {
        for (const change of changes)
          if (change.table === 'Logical_Switch_Port' && change.kind === 'insert') inserted.push(change.uuid);
      });
      const writing = late.applier.apply([key]);
      await hasRead.promise;
      await withRows(database, async (rows, tx) => {
        await rows.deletePort(id);
        await tx.query.insertInto('journal').values({ kind: 'port', id, created_at: tx.now }).execute();
      });
      assert.equal(await other.applier.apply([key]), 'applied');
      if (!journalStays) await database.transaction((tx) => tx.query.deleteFrom('journal').execute());
      await sleep(pause);
      goOn.resolve();
      assert.equal(await writing, 'applied');
      await late[Symbol.asyncDispose]();
      await other.northbound.transact([other.northbound.operations.comment('look')]);
      assert.equal(other.northbound.replica.Logical_Switch_Port.get(id), undefined);
      // Too old a snapshot is not written in the first place.
      assert.equal(inserted.length, pause > 1_000 ? 0 : 1);
    });
  }
});
