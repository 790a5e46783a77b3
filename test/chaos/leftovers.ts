import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { namespaces } from '../../packages/server/src/lab/namespaces.ts';
import type { World } from './world.ts';

/** Names of the processes below this one. */
export const descendants = (): string[] => {
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

/** What a world left behind that was disposed. `before`: processes below this one before it began. */
export function leftovers(
  { folder, prefix }: Pick<World, 'folder' | 'prefix'>,
  before: readonly string[],
): readonly string[] {
  const processes = descendants();
  for (const name of before) if (processes.includes(name)) processes.splice(processes.indexOf(name), 1);
  return [
    ...processes.map((name) => `process ${name} is left`),
    ...namespaces(prefix).map((name) => `namespace ${name} is left`),
    ...(existsSync(folder) ? [`folder ${folder} is left`] : []),
  ];
}
