import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OvnServers } from '../../packages/server/src/drivers/mech/ovn/testing/ovn-servers.ts';

/** A running ovn-northd between the two databases; disposing stops it. */
export interface Northd extends AsyncDisposable {
  /** What it complained of so far. */
  complaints(): Promise<readonly string[]>;
}

export async function startNorthd(servers: OvnServers): Promise<Northd> {
  const directory = await mkdtemp(join(tmpdir(), 'ovenbird-northd-'));
  const log = join(directory, 'log');
  const child = spawn(
    'ovn-northd',
    [
      `--ovnnb-db=${servers.northbound.endpoint}`,
      `--ovnsb-db=${servers.southbound.endpoint}`,
      `--unixctl=${join(directory, 'ctl')}`,
      '-vconsole:off',
      '-vsyslog:off',
      '-vfile:warn',
      `--log-file=${log}`,
    ],
    { stdio: 'ignore', env: { ...process.env, OVN_RUNDIR: directory, OVS_RUNDIR: directory } },
  );
  await once(child, 'spawn');
  return {
    async complaints() {
      const lines = (await readFile(log, 'utf8')).split('\n');
      return lines.filter((line) => /\|(?:WARN|ERR|EMER)\|/.test(line));
    },
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
