import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Controller } from './controller.ts';
import { startDaemon } from './daemon.ts';
import { ProcessRecords } from './process-record.ts';

const lives = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

it('a controller that crashes is started again, one that is told to end is not', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'ovb-controller-'));
  using _folder = { [Symbol.dispose]: () => rmSync(folder, { recursive: true }) };
  const records = new ProcessRecords(path.join(folder, 'records'));
  const pids: number[] = [];
  const start = () => {
    const daemon = startDaemon({ name: 'c', command: ['sleep', '60'], logFolder: folder, records });
    pids.push(daemon.pid);
    return daemon;
  };
  await using controller = new Controller(start);
  process.kill(controller.pid, 'SIGSEGV');
  while (pids.length < 2) await sleep(20);
  assert.deepEqual([controller.crashes, controller.running], [1, true]);
  await controller.restart();
  assert.deepEqual([controller.crashes, pids.length, controller.pid], [1, 3, pids[2]]);
  await controller.fail();
  assert.deepEqual([controller.running, pids.filter(lives)], [false, []]);
  await controller[Symbol.asyncDispose]();
  assert.equal(pids.length, 3);
});
