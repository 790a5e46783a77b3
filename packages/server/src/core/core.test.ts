import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { BoundedQueue, QueueFull } from './bounded-queue.ts';
import { timestamp } from './clock.ts';
import { createEventMap } from './events.ts';
import { createLogger } from './logger.ts';
import { type Backoff, backoffDelay, retry } from './retry.ts';
import { sleep } from './sleep.ts';

describe('timestamps', () => {
  it('are whole seconds in UTC', () => {
    assert.equal(timestamp(new Date('2026-11-21T03:27:00.999Z')), '2026-11-21T03:27:00Z');
  });
});

describe('sleep', () => {
  it('rejects with the reason of its signal, before and while it sleeps', async () => {
    const reason = new Error('stop');
    await assert.rejects(sleep(60_000, AbortSignal.abort(reason)), reason);
    const controller = new AbortController();
    const sleeping = sleep(60_000, controller.signal);
    controller.abort(reason);
    await assert.rejects(sleeping, reason);
  });
});

describe('retry', () => {
  const backoff: Backoff = { tries: 4, firstDelay: 1, maxDelay: 3, factor: 2 };
  const retriable = (error: unknown) => error instanceof RangeError;

  it('repeats what can succeed and tells the count of the attempt', async () => {
    const attempts: number[] = [];
    const result = await retry(
      async (attempt) => {
        attempts.push(attempt);
        if (attempt < 3) throw new RangeError('again');
        return 'done';
      },
      { backoff, retriable },
    );
    assert.equal(result, 'done');
    assert.deepEqual(attempts, [1, 2, 3]);
  });

  it('does not repeat what cannot succeed', async () => {
    let attempts = 0;
    const failing = retry(
      async () => {
        attempts += 1;
        throw new TypeError('never');
      },
      { backoff, retriable },
    );
    await assert.rejects(failing, TypeError);
    assert.equal(attempts, 1);
  });

  it('begins no try when its time is over', async () => {
    const attempts: number[] = [];
    const slow = async (attempt: number) => {
      attempts.push(attempt);
      await sleep(30);
      throw new RangeError('again');
    };
    const exhausted = (_: unknown, count: number) => new Error(`${count} tries`);
    await assert.rejects(retry(slow, { backoff, retriable, patience: 10, exhausted }), /^Error: 1 tries$/);
    assert.deepEqual(attempts, [1]);
  });

  it('ends after its tries, with the error that was asked for', async () => {
    let attempts = 0;
    const failing = retry(
      async () => {
        attempts += 1;
        throw new RangeError('again');
      },
      { backoff, retriable, exhausted: (cause) => new Error('enough', { cause }) },
    );
    await assert.rejects(failing, (error) => {
      assert.ok(error instanceof Error && error.message === 'enough' && error.cause instanceof RangeError);
      return true;
    });
    assert.equal(attempts, 4);
  });

  it('waits longer each time, up to a limit, spread over the upper half', () => {
    const delays = (random: number) =>
      [1, 2, 3, 4].map((attempt) => backoffDelay(backoff, attempt, () => random));
    assert.deepEqual(delays(0), [0.5, 1, 1.5, 1.5]);
    assert.deepEqual(delays(1), [1, 2, 3, 3]);
  });
});

describe('a bounded queue', () => {
  it('hands out in order, what came before and during the iteration, and ends when closed', async () => {
    const queue = new BoundedQueue<number>(3);
    queue.push(1);
    queue.push(2);
    const taken: number[] = [];
    for await (const item of queue) {
      taken.push(item);
      if (item === 2) setImmediate(() => queue.push(3));
      if (item === 3) queue[Symbol.dispose]();
    }
    assert.deepEqual(taken, [1, 2, 3]);
    assert.equal(queue.push(4), false);
  });

  it('takes no more than fits', () => {
    const queue = new BoundedQueue<number>(1);
    queue.push(1);
    assert.throws(() => queue.push(2), QueueFull);
    assert.deepEqual(queue.drain(), [1]);
    assert.equal(queue.push(3), true);
    assert.equal(queue.size, 1);
  });
});

describe('events', () => {
  it('reach all listeners in order, also after one that throws, until it is disposed', () => {
    const failures: string[] = [];
    const events = createEventMap<{ grown: number }>((name, error) =>
      failures.push(`${name}: ${String(error)}`),
    );
    const heard: string[] = [];
    const first = events.on('grown', (size) => {
      heard.push(`first ${size}`);
      throw new Error('no');
    });
    events.on('grown', (size) => heard.push(`second ${size}`));
    events.emit('grown', 1);
    first[Symbol.dispose]();
    events.emit('grown', 2);
    assert.deepEqual(heard, ['first 1', 'second 1', 'second 2']);
    assert.deepEqual(failures, ['grown: Error: no']);
  });
});

describe('the log', () => {
  it('has no secrets in it, wherever they stand', () => {
    const lines: string[] = [];
    const logger = createLogger({ level: 'info', destination: { write: (line) => void lines.push(line) } });
    logger.info({ password: 'hunter2', headers: { 'x-auth-token': 'hunter2' } }, 'one');
    logger.info({ req: { headers: { 'X-Auth-Token': 'hunter2', authorization: 'hunter2' } } }, 'two');
    logger.info({ identity: { password: 'hunter2', user: 'somebody' } }, 'three');
    logger.debug('below the level');
    assert.equal(lines.length, 3);
    assert.ok(!lines.join('').includes('hunter2'));
    assert.ok(lines.join('').includes('[redacted]') && lines.join('').includes('somebody'));
  });
});
