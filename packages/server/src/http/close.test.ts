import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { it } from 'node:test';
import fastify from 'fastify';
import { gentleClose } from './close.ts';

it('does not wait for a client that connected and asked for nothing, but for one that asked', async () => {
  const app = fastify();
  const { promise: asked, resolve: arrived } = Promise.withResolvers<void>();
  const { promise: answered, resolve: answer } = Promise.withResolvers<void>();
  app.get('/slow', async () => {
    arrived();
    await answered;
    return 'done';
  });
  const close = gentleClose(app);
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  const silent = connect(Number(new URL(url).port), '127.0.0.1');
  await once(silent, 'connect');
  const slow = fetch(`${url}/slow`);
  await asked;
  const started = performance.now();
  const closed = close();
  await once(silent, 'close');
  answer();
  assert.equal(await (await slow).text(), 'done');
  await closed;
  // Long before patience with requests under way ends.
  assert.ok(performance.now() - started < 8_000);
});
