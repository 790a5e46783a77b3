import assert from 'node:assert/strict';
import { it } from 'node:test';
import { runChaos } from './run.ts';

const forever = new AbortController().signal;

it('keeps every promise while parts of a deployment are killed and paused, and leaves nothing behind', async () => {
  const lines: string[] = [];
  const say = (line: string) => lines.push(line);
  const options = { seed: 7, seconds: 20, clients: 6, checkpointEvery: 10, say, signal: forever };
  const report = await runChaos(options);
  assert.deepEqual(report.broken, [], lines.join('\n'));
  assert.ok(report.operations > 100 && report.breakages.size >= 4, lines.join('\n'));
});
