import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { until } from '../lab/command.ts';
import { freePort } from './free-port.ts';
import { statement } from './postgres.ts';

/** A PgBouncer of a test before a PostgreSQL server. */
export interface PgBouncer extends AsyncDisposable {
  /** The URL of a database through it. */
  readonly url: string;
}

/** As root it starts under a user of its own only. */
const asUser = userInfo().uid === 0 ? ['--reuid', 'postgres', '--regid', 'postgres', '--clear-groups'] : [];

/**
 * Start one with its defaults, in front of the database of a URL with a unix socket. Needs Debian's `pgbouncer` package.
 */
export const startPgBouncer = async (databaseUrl: string): Promise<PgBouncer> => {
  const target = new URL(databaseUrl.replace('@/', '@localhost/'));
  const name = target.pathname.slice(1);
  const port = await freePort();
  const folder = await mkdtemp(join(tmpdir(), 'ovenbird-pgbouncer-'));
  await chmod(folder, 0o755);
  const file = join(folder, 'pgbouncer.ini');
  const settings = [
    '[databases]',
    `${name} = host=${target.searchParams.get('host')} port=${target.searchParams.get('port')} user=ovenbird`,
    '[pgbouncer]',
    'listen_addr = 127.0.0.1',
    `listen_port = ${port}`,
    'unix_socket_dir =',
    'auth_type = any',
  ];
  await writeFile(file, `${settings.join('\n')}\n`);
  // The kernel ends it when the test is killed.
  const command = ['--pdeathsig', 'KILL', ...asUser, '--', '/usr/sbin/pgbouncer', '--quiet', file];
  const program = spawn('setpriv', command, { stdio: 'ignore' });
  const exited = once(program, 'exit');
  const url = `postgres://ovenbird@127.0.0.1:${port}/${name}`;
  const stop = async (): Promise<void> => {
    program.kill('SIGKILL');
    await exited;
    await rm(folder, { recursive: true });
  };
  const answers = async (): Promise<boolean> => {
    if (program.exitCode !== null) throw new Error(`pgbouncer ended with ${program.exitCode}`);
    return statement(url, 'select 1').then(
      () => true,
      () => false,
    );
  };
  try {
    await until('pgbouncer', answers, { timeoutMs: 30_000 });
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, [Symbol.asyncDispose]: stop };
};
