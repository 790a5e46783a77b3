import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { it } from 'node:test';
import { namespaces } from '../../packages/server/src/lab/namespaces.ts';
import { runChaos } from './run.ts';

/** Processes below this one. */
const descendants = (): readonly string[] => {
  const parents = new Map<number, { readonly parent: number; readonly name: string }>();
  for (const entry of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const stat = readFileSync(`/proc/${entry}/stat`, 'utf8');
      const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      const name = stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
      if (state !== 'Z') parents.set(Number(entry), { parent: Number(parent), name });
    } catch {
      // Gone since the folder was read.
    }
  }
  const below = (pid: number): boolean => {
    const parent = parents.get(pid)?.parent;
    return parent !== undefined && (parent === process.pid || below(parent));
  };
  return [...parents].filter(([pid]) => below(pid)).map(([, { name }]) => name);
};

it('keeps every promise while parts of a deployment are killed and paused, and leaves nothing behind', async () => {
  const processes = descendants();
  const lines: string[] = [];
  const say = (line: string) => lines.push(line);
  const report = await runChaos({ seed: 7, seconds: 24, clients: 6, checkpointEvery: 12, say });
  assert.deepEqual(report.broken, [], lines.join('\n'));
  assert.ok(report.operations > 100 && report.breakages.size >= 4, lines.join('\n'));
  assert.deepEqual(descendants(), processes);
  assert.deepEqual(namespaces(report.prefix), []);
});
