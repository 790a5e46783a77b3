import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { NotConnectedError, UnknownOutcomeError } from '../index.ts';
import { shopClient, shopFile } from '../testing/fixtures/shop.ts';
import { startOvsdbServer } from '../testing/index.ts';
import { startRelay, type Verdict } from '../testing/relay.ts';

function has(message: unknown, member: string, value?: string): boolean {
  if (typeof message !== 'object' || message === null) return false;
  const found = Object.entries(message).find(([name]) => name === member);
  return found !== undefined && (value === undefined || found[1] === value);
}

test('a link that is lost after sending leaves the outcome unknown, whether it was committed or not', async () => {
  await using server = await startOvsdbServer({ schemaFile: shopFile });
  const to = server.endpoint.slice('unix:'.length);
  let onRequest: (message: unknown) => Verdict = () => 'pass';
  let onReply: (message: unknown) => Verdict = () => 'pass';
  await using _relay = await startRelay({
    from: `${to}-relay`,
    to,
    onRequest: (message) => onRequest(message),
    onReply: (message) => onReply(message),
  });
  await using client = shopClient([`unix:${to}-relay`]);
  await client.ready();
  const op = client.operations;

  const [lost, committed] = [randomUUID(), randomUUID()];
  onRequest = (message) => (has(message, 'method', 'transact') ? 'cut' : 'pass');
  await assert.rejects(client.transact([op.insert('Shelf', lost, { name: 'lost' })]), UnknownOutcomeError);
  assert.equal(client.state, 'connecting');
  await assert.rejects(client.transact([]), NotConnectedError);
  onRequest = () => 'pass';
  await client.ready();
  assert.equal(client.replica.Shelf.get(lost), undefined);

  onReply = (message) => (has(message, 'result') && !has(message, 'method') ? 'cut' : 'pass');
  await assert.rejects(
    client.transact([op.insert('Shelf', committed, { name: 'committed' })]),
    UnknownOutcomeError,
  );
  onReply = () => 'pass';
  await client.ready();
  assert.equal(client.replica.Shelf.get(committed)?.name, 'committed');
});

test('a deadline or an abort after sending leaves the outcome unknown, and the link in use', async () => {
  await using server = await startOvsdbServer({ schemaFile: shopFile });
  await using client = shopClient([server.endpoint]);
  await client.ready();
  const op = client.operations;
  const never = op.wait('Shelf', [], ['name'], '==', [{ name: 'never' }], 60_000);
  await assert.rejects(client.transact([never], { timeoutMs: 20 }), UnknownOutcomeError);
  const abort = new AbortController();
  const waiting = assert.rejects(client.transact([never], { signal: abort.signal }), (error) => {
    assert.ok(error instanceof UnknownOutcomeError);
    assert.equal(error.cause, 'enough');
    return true;
  });
  abort.abort('enough');
  await waiting;
  await assert.rejects(
    client.transact([], { signal: AbortSignal.abort('before') }),
    (error) => error === 'before',
  );
  assert.equal(client.state, 'ready');
  const uuid = randomUUID();
  await client.transact([op.insert('Shelf', uuid, { name: 'after' })]);
  assert.equal(client.replica.Shelf.get(uuid)?.name, 'after');
});

test('closing the client with a transaction on its way leaves the outcome unknown', async () => {
  await using server = await startOvsdbServer({ schemaFile: shopFile });
  const client = shopClient([server.endpoint]);
  await client.ready();
  const never = client.operations.wait('Shelf', [], ['name'], '==', [{ name: 'never' }], 60_000);
  const waiting = assert.rejects(client.transact([never]), UnknownOutcomeError);
  await client[Symbol.asyncDispose]();
  await waiting;
});

test('a server without monitor_cond_since, and one with monitor only, are followed all the same', async () => {
  await using server = await startOvsdbServer({ schemaFile: shopFile });
  const to = server.endpoint.slice('unix:'.length);
  for (const lacking of [['monitor_cond_since'], ['monitor_cond_since', 'monitor_cond']]) {
    const notified = new Set<string>();
    await using _relay = await startRelay({
      from: `${to}-old`,
      to,
      onRequest: (message) => {
        if (!lacking.some((method) => has(message, 'method', method))) return 'pass';
        assert.ok(typeof message === 'object' && message !== null && 'id' in message);
        return { answer: { id: message.id, result: null, error: 'unknown method' } };
      },
      onReply: (message) => {
        if (typeof message === 'object' && message !== null && 'method' in message)
          notified.add(String(message.method));
        return 'pass';
      },
    });
    await using client = shopClient([`unix:${to}-old`]);
    await client.ready();
    const op = client.operations;
    const uuid = randomUUID();
    const here = [['_uuid', '==', uuid]] as const;
    await client.transact([
      op.insert('Shelf', uuid, { name: `old ${lacking.length}`, codes: new Set([1, 2]) }),
    ]);
    await client.transact([op.mutate('Shelf', here, [['codes', 'insert', 3]])]);
    assert.deepEqual(client.replica.Shelf.get(uuid)?.codes, new Set([1, 2, 3]));
    await client.transact([op.delete('Shelf', here)]);
    assert.equal(client.replica.Shelf.size, 0);
    assert.deepEqual([...notified], [lacking.length === 1 ? 'update2' : 'update']);
  }
});
