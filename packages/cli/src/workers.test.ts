import assert from 'node:assert/strict';
import cluster from 'node:cluster';
import { test } from 'node:test';
import { createLogger } from '@ovenbird/server';
import { runWorkers } from './workers.ts';

test('workers that cannot be started are an error that says why', async () => {
  cluster.setupPrimary({ cwd: '/nowhere' });
  const logger = createLogger({ level: 'silent' });
  const { signal } = new AbortController();
  await assert.rejects(
    runWorkers({ count: 2, logger, signal }),
    /^Error: a worker cannot be started: .*ENOENT/,
  );
});
