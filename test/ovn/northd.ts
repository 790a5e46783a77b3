import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OvnServers } from '../../packages/server/src/drivers/mech/ovn/testing/ovn-servers.ts';

/** A running ovn-northd between the two databases; disposing stops it. */
export async function startNorthd(servers: OvnServers): Promise<AsyncDisposable> {
  const directory = await mkdtemp(join(tmpdir(), 'ovenbird-northd-'));
  const child = spawn(
    'ovn-northd',
    [
      `--ovnnb-db=${servers.northbound.endpoint}`,
      `--ovnsb-db=${servers.southbound.endpoint}`,
      `--unixctl=${join(directory, 'ctl')}`,
      '-vconsole:off',
      '-vsyslog:off',
    ],
    { stdio: 'ignore', env: { ...process.env, OVN_RUNDIR: directory, OVS_RUNDIR: directory } },
  );
  await once(child, 'spawn');
  return {
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null) {
        const exited = once(child, 'exit');
        child.kill('SIGTERM');
        await exited;
      }
      await rm(directory, { recursive: true, force: true });
    },
  };
}
