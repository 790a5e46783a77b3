import { readdirSync } from 'node:fs';
import { runCommand, tryCommand, until } from './command.ts';

/** Make a network namespace with its loopback up and without IPv6 autoconfiguration noise. */
export async function addNamespace(name: string): Promise<void> {
  await runCommand(['ip', 'netns', 'add', name]);
  await runCommand(['ip', '-n', name, 'link', 'set', 'lo', 'up']);
}

/** Remove a network namespace, with what runs in it and the interfaces that it holds. No error when there is none. */
export async function removeNamespace(name: string): Promise<void> {
  if (!namespaces('').includes(name)) return;
  const inside = async (): Promise<readonly number[]> => {
    const { stdout } = await tryCommand(['ip', 'netns', 'pids', name]);
    return stdout.split('\n').filter(Boolean).map(Number);
  };
  const left = await inside();
  for (const pid of left) endQuietly(pid);
  if (left.length > 0) await until(`end of what runs in ${name}`, async () => (await inside()).length === 0);
  await runCommand(['ip', 'netns', 'del', name]);
}

/** Names of the network namespaces that begin with `prefix`. */
export function namespaces(prefix: string): readonly string[] {
  try {
    return readdirSync('/run/netns').filter((name) => name.startsWith(prefix));
  } catch {
    return []; // no namespace was ever made on this machine
  }
}

/** Run commands of ip(8) in a namespace, in one process. */
export async function ipBatch(namespace: string, lines: readonly string[]): Promise<void> {
  await runCommand(['ip', '-n', namespace, '-batch', '-'], { input: `${lines.join('\n')}\n` });
}

function endQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // it ended by itself meanwhile
  }
}
