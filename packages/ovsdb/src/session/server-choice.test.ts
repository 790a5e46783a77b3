import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { shopClient, shopFile } from '../testing/fixtures/shop.ts';
import { startOvsdbServer } from '../testing/index.ts';
import { startRelay } from '../testing/relay.ts';
import { ServerDatabase, UnsuitableServerError } from './server-database.ts';

test('a server without the database is left for one that has it', async () => {
  await using server = await startOvsdbServer({ schemaFile: shopFile });
  const reasons: unknown[] = [];
  await using client = shopClient([server.endpoint], {
    database: 'Office',
    onLog: (_level, _message, fields) => reasons.push(fields.reason),
  });
  await assert.rejects(client.ready(AbortSignal.timeout(100)), { name: 'TimeoutError' });
  assert.equal(reasons[0], 'the server has no database Office');
});

test('a server without the _Server database and set_db_change_aware is taken as it is', async () => {
  await using server = await startOvsdbServer({ schemaFile: shopFile });
  const to = server.endpoint.slice('unix:'.length);
  const answered: unknown[] = [];
  await using _relay = await startRelay({
    from: `${to}-old`,
    to,
    onRequest: (message) => {
      assert.ok(typeof message === 'object' && message !== null && 'id' in message && 'method' in message);
      const { id, method } = message;
      const asksServer = method === 'monitor' && JSON.stringify(message).includes('_Server');
      if (!asksServer && method !== 'set_db_change_aware') return 'pass';
      answered.push(method);
      const error = asksServer ? { error: 'unknown database' } : 'unknown method';
      return { answer: { id, result: null, error } };
    },
  });
  await using client = shopClient([`unix:${to}-old`]);
  await client.ready();
  assert.deepEqual(answered, ['set_db_change_aware', 'monitor']);
  const uuid = randomUUID();
  await client.transact([client.operations.insert('Shelf', uuid, { name: 'old' })]);
  assert.equal(client.replica.Shelf.get(uuid)?.name, 'old');
});

test('which servers are suitable', () => {
  const row = { name: 'Shop', model: 'clustered', leader: true, connected: true };
  const update = (leaderOnly: boolean, changed: object): void =>
    new ServerDatabase('Shop', leaderOnly).update({ Database: { u: { new: { ...row, ...changed } } } });
  update(true, {});
  update(true, { model: 'standalone', leader: false });
  update(true, { model: 'relay', leader: false });
  update(false, { leader: false });
  assert.throws(() => update(true, { leader: false }), UnsuitableServerError);
  assert.throws(() => update(false, { connected: false }), UnsuitableServerError);
  assert.throws(() => update(false, { name: 'Other' }), UnsuitableServerError);
});
