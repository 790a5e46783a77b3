import assert from 'node:assert/strict';
import { it } from 'node:test';
import { quietLogger } from '../../packages/server/src/core/logger.ts';
import type { Database, Transaction } from '../../packages/server/src/db/database.ts';
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

const applierOf = async (servers: OvnServers, database: Database, shared = true) => {
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
    shared,
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

/** Note a change of the port in the journal, as its transaction does. */
const journaled = (tx: Transaction, id: string) =>
  tx.query.insertInto('journal').values({ kind: 'port', id, created_at: tx.now }).execute();

const setAdminUp = (database: Database, id: string, up: boolean) =>
  database.transaction(async (tx) => {
    await tx.query
      .updateTable('ports')
      .set({ admin_state_up: up ? 1 : 0 })
      .where('id', '=', id)
      .execute();
    await journaled(tx, id);
  });

/** A process that reads a port before, and writes it after, another one does both; and what OVN showed of the port. */
async function overtaken(database: Database, id: string, otherShares: boolean) {
  await using stack = new AsyncDisposableStack();
  const servers = stack.use(await startOvnServers());
  const hasRead = Promise.withResolvers<void>();
  const goOn = Promise.withResolvers<void>();
  const late = stack.use(await applierOf(servers, slow(database, hasRead.resolve, goOn.promise)));
  const other = stack.use(await applierOf(servers, database, otherShares));
  const shown: (boolean | undefined)[] = [];
  stack.use(
    other.northbound.onBatch(({ changes }) => {
      for (const change of changes)
        if (change.table === 'Logical_Switch_Port' && change.row.name === id)
          shown.push(change.kind === 'delete' ? undefined : change.row.enabled);
    }),
  );
  const owned = stack.move();
  return {
    late,
    other,
    shown,
    hasRead: hasRead.promise,
    goOn: goOn.resolve,
    key: { kind: 'port', id } as const,
    [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose](),
  };
}

forEachDialect('a process that is slow', (databases) => {
  for (const [name, otherShares] of [
    ['a process beside it', true],
    ['the one process of a service that a tool helps', false],
  ] as const) {
    it(`never makes anew what ${name} has deleted`, async () => {
      const database = await databases.open();
      const id = await withRows(database, async (rows, tx) => {
        const port = await rows.port(await rows.network());
        await journaled(tx, port);
        return port;
      });
      await using racing = await overtaken(database, id, otherShares);
      const { late, other, shown, key } = racing;
      const writing = late.applier.apply([key]);
      await racing.hasRead;
      await withRows(database, async (rows, tx) => {
        await rows.deletePort(id);
        await journaled(tx, id);
      });
      assert.equal(await other.applier.apply([key]), 'applied');
      // Nothing in SQL tells of it any more.
      await database.transaction((tx) => tx.query.deleteFrom('journal').execute());
      racing.goOn();
      assert.equal(await writing, 'applied');
      await other.northbound.transact([other.northbound.operations.comment('look')]);
      assert.deepEqual(shown, []);
    });

    it(`never takes back what ${name} has changed without a new revision`, async () => {
      const database = await databases.open();
      const id = await withRows(database, async (rows) => rows.port(await rows.network()));
      await using racing = await overtaken(database, id, otherShares);
      const { late, other, shown, key } = racing;
      assert.equal(await other.applier.apply([key]), 'applied');
      await setAdminUp(database, id, false);
      const writing = late.applier.apply([key]);
      await racing.hasRead;
      await setAdminUp(database, id, true);
      // OVN shows it already.
      assert.equal(await other.applier.apply([key]), 'applied');
      racing.goOn();
      assert.equal(await writing, 'applied');
      await other.northbound.transact([other.northbound.operations.comment('look')]);
      assert.deepEqual(shown, [true]);
    });
  }
});
