import { cpSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { runCommand, tryCommand, until } from '../packages/server/src/lab/command.ts';
import { startDaemon } from '../packages/server/src/lab/daemon.ts';
import type { ProcessRecords } from '../packages/server/src/lab/process-record.ts';

export interface MariaDbOptions {
  /** Folder of its databases and of its socket. */
  readonly folder: string;
  readonly logFolder: string;
  readonly records: ProcessRecords;
}

/** A database server that nobody else reaches: it listens on a socket alone. */
export interface MariaDb extends AsyncDisposable {
  /** SQLAlchemy's name of the database `neutron`. */
  readonly url: string;
}

const install = async (data: string): Promise<void> => {
  rmSync(data, { recursive: true, force: true });
  mkdirSync(data, { recursive: true });
  const options = ['--no-defaults', '--user=root', `--datadir=${data}`, '--skip-test-db'];
  await runCommand(['mariadb-install-db', ...options, '--auth-root-authentication-method=normal'], {
    timeoutMs: 120_000,
  });
};

const serve = async (options: MariaDbOptions, data: string): Promise<MariaDb> => {
  const socket = path.join(options.folder, 'mariadb.sock');
  const daemon = startDaemon({
    name: 'mariadb',
    command: [
      ...['mariadbd', '--no-defaults', '--user=root', `--datadir=${data}`, `--socket=${socket}`],
      ...[`--pid-file=${path.join(options.folder, 'mariadb.pid')}`, '--skip-networking'],
      // What a run leaves is thrown away: no write needs to wait for a disk.
      ...['--character-set-server=utf8mb3', '--innodb-flush-log-at-trx-commit=0', '--sync-binlog=0'],
    ],
    logFolder: options.logFolder,
    records: options.records,
    graceMs: 20_000,
  });
  const sql = (statement: string) =>
    tryCommand(['mariadb', '--no-defaults', `--socket=${socket}`, '-uroot', '-e', statement]);
  const ready = async (): Promise<boolean> => {
    if (!daemon.running) throw new Error('MariaDB ended; its log says why');
    return (await sql('CREATE DATABASE IF NOT EXISTS neutron CHARACTER SET utf8mb3')).code === 0;
  };
  try {
    await until('MariaDB', ready, { timeoutMs: 60_000, everyMs: 100 });
  } catch (error) {
    await daemon[Symbol.asyncDispose]();
    throw error;
  }
  return {
    url: `mysql+pymysql://root@localhost/neutron?unix_socket=${socket}&charset=utf8`,
    [Symbol.asyncDispose]: () => daemon[Symbol.asyncDispose](),
  };
};

/**
 * Start MariaDB on a database that `fill` made. The first start keeps what it made, as that takes long; later ones begin
 * with a copy of it.
 */
export const startMariaDb = async (
  options: MariaDbOptions,
  fill: (database: MariaDb) => Promise<void>,
): Promise<MariaDb> => {
  const file = (name: string): string => path.join(options.folder, name);
  const [data, fresh] = [file('data'), file('fresh')];
  if (!existsSync(fresh)) {
    const making = file('making');
    await install(making);
    {
      await using database = await serve(options, making);
      await fill(database);
    }
    renameSync(making, fresh);
  }
  rmSync(data, { recursive: true, force: true });
  cpSync(fresh, data, { recursive: true });
  return await serve(options, data);
};
