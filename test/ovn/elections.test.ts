import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type App, createApp } from '../../packages/server/src/app.ts';
import { loadConfig } from '../../packages/server/src/config/config.ts';
import { createLogger } from '../../packages/server/src/core/logger.ts';
import type { Database } from '../../packages/server/src/db/database.ts';
import { openDatabase } from '../../packages/server/src/db/open.ts';
import { driverOn } from '../../packages/server/src/drivers/mech/ovn/testing/driver.ts';
import {
  type OvnServers,
  startOvnServers,
} from '../../packages/server/src/drivers/mech/ovn/testing/ovn-servers.ts';
import { withRows } from '../../packages/server/src/drivers/mech/ovn/testing/rows.ts';
import { openPostgres, type PostgresDatabases } from '../../packages/server/src/testing/shared-postgres.ts';
import { addChassis, connectAsController } from './chassis.ts';
import { eventually } from './eventually.ts';

let postgres: PostgresDatabases;
before(async () => {
  postgres = await openPostgres();
});
after(() => postgres[Symbol.asyncDispose]());

/** A driver as one process of several has it and what it has sent to the Northbound database. */
const startedOn = async (servers: OvnServers, database: Database) => {
  let transactions = 0;
  const driver = driverOn(servers, database, {
    onTransaction: (name) => {
      if (name === 'northbound') transactions += 1;
    },
  });
  await driver.start?.(new AbortController().signal);
  await driver.resync();
  return {
    transactions: () => transactions,
    [Symbol.asyncDispose]: () => driver[Symbol.asyncDispose](),
  };
};

/** A service as one process of several runs it; `onBound` hears when it has bound ports of a host that came. */
const served = async (servers: OvnServers, url: string, onBound: () => void): Promise<App> => {
  const write = (line: string): void => {
    if (line.includes('ports bound after')) onBound();
  };
  const file = {
    api: { port: 0 },
    database: { url },
    identity: { driver: 'none' },
    ovn: { nbConnection: [servers.northbound.endpoint], sbConnection: [servers.southbound.endpoint] },
  };
  const logger = createLogger({ level: 'info', destination: { write } });
  const app = await createApp(loadConfig({ file }), { logger });
  await app.listen();
  return app;
};

/** POST that must succeed; gives the resource. */
const make = async (app: App, collection: string, payload: object) => {
  const answer = await app.http.inject({ method: 'POST', url: `/v2.0/${collection}`, payload });
  assert.equal(answer.statusCode, 201, answer.body);
  return answer.json()[Object.keys(payload)[0] ?? ''];
};

it('the journal is replayed by one process of several, and by another one when it ends', async () => {
  await using servers = await startOvnServers();
  await using database = await openDatabase({ url: await postgres.createMigrated() });
  const network = await withRows(database, (rows) => rows.network());
  /** As a process leaves it behind that died between SQL and OVN. */
  const leaveBehind = () =>
    database.transaction(async ({ query }) => {
      const created_at = '2020-01-01T00:00:00Z';
      await query.insertInto('journal').values({ kind: 'network', id: network, created_at }).execute();
    });
  const replayed = () =>
    eventually(async () => {
      const left = await database.read(({ query }) => query.selectFrom('journal').select('seq').execute());
      assert.deepEqual(left, []);
    });
  await using first = await startedOn(servers, database);
  await using second = await startedOn(servers, database);
  // Whoever starts replays all that it finds; that is to be over.
  await leaveBehind();
  await replayed();
  await sleep(500);
  const before = [first.transactions(), second.transactions()];
  await leaveBehind();
  await replayed();
  assert.ok(first.transactions() > (before[0] ?? 0));
  assert.equal(second.transactions(), before[1]);
  await first[Symbol.asyncDispose]();
  await leaveBehind();
  await replayed();
  assert.ok(second.transactions() > (before[1] ?? 0));
});

it('what failed to bind is bound by one process of several when its host comes, and by another one when it ends', async () => {
  await using servers = await startOvnServers();
  await using controller = await connectAsController(servers);
  const url = await postgres.createMigrated();
  const bound: string[] = [];
  const first = await served(servers, url, () => bound.push('first'));
  await using _first = first;
  await using second = await served(servers, url, () => bound.push('second'));
  const network = await make(second, 'networks', { network: {} });
  const portOn = (host: string) =>
    make(second, 'ports', { port: { network_id: network.id, 'binding:host_id': host } });
  const isBound = (id: string) =>
    eventually(async () => {
      const { port } = (await second.http.inject(`/v2.0/ports/${id}`)).json();
      assert.equal(port['binding:vif_type'], 'ovs');
    });
  const early = await portOn('host-1');
  assert.equal(early['binding:vif_type'], 'binding_failed');
  await addChassis(controller, { name: 'one', hostname: 'host-1' });
  await isBound(early.id);
  await sleep(500);
  assert.deepEqual(bound, ['first']);

  // Nobody has had the time to see to this one: its host is there and it is not bound.
  await second.database.transaction(async ({ query }) => {
    const failed = { vif_type: 'binding_failed' };
    await query.updateTable('port_bindings').set(failed).where('port_id', '=', early.id).execute();
    await query.deleteFrom('port_binding_levels').where('port_id', '=', early.id).execute();
  });
  await first[Symbol.asyncDispose]();
  await isBound(early.id);
  const late = await portOn('host-2');
  await addChassis(controller, { name: 'two', hostname: 'host-2' });
  await isBound(late.id);
  await eventually(async () => assert.deepEqual(bound, ['first', 'second', 'second']));
});
