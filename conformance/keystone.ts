import { copyFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { runCommand, until } from '../packages/server/src/lab/command.ts';
import { type Daemon, startDaemon } from '../packages/server/src/lab/daemon.ts';
import type { ProcessRecords } from '../packages/server/src/lab/process-record.ts';

export interface KeystoneOptions {
  /** Folder of its configuration, keys and database. */
  readonly folder: string;
  readonly host: string;
  readonly port: number;
  /** Password of the user `admin`. */
  readonly password: string;
  readonly logFolder: string;
  readonly records: ProcessRecords;
}

/** A real Keystone. */
export interface Keystone extends AsyncDisposable {
  /** `http://127.0.0.1:5000/v3` */
  readonly url: string;
}

export const region = 'RegionOne';

const configuration = (options: KeystoneOptions, database: string): string => `[DEFAULT]
log_file = ${path.join(options.logFolder, 'keystone.log')}
[database]
connection = sqlite:///${database}
sqlite_synchronous = false
[cache]
enabled = true
backend = dogpile.cache.memory
[token]
provider = fernet
expiration = 86400
[fernet_tokens]
key_repository = ${path.join(options.folder, 'fernet-keys')}
[credential]
key_repository = ${path.join(options.folder, 'credential-keys')}
[identity]
# The suites make hundreds of users, and the strength of their passwords is not under test.
password_hash_rounds = 4
`;

// One process and one thread: its cache is in memory, and SQLite has one writer.
const server = (options: KeystoneOptions, configFile: string): string => `[uwsgi]
plugins = python3
need-app = true
die-on-term = true
buffer-size = 65535
post-buffering = 65535
# It closes the connection after each answer; a client that is not told runs into that.
add-header = Connection: close
http-socket = ${options.host}:${options.port}
listen = 100
processes = 1
disable-logging = true
env = OS_KEYSTONE_CONFIG_FILES=${configFile}
wsgi-file = /usr/bin/keystone-wsgi-public
`;

/** Fill an empty database and make keys. The result is kept, as the migrations take long. */
const bootstrap = async (options: KeystoneOptions, config: string, database: string): Promise<void> => {
  const manage = (...args: readonly string[]): Promise<string> =>
    runCommand(['keystone-manage', '--config-file', config, ...args], { timeoutMs: 300_000 });
  rmSync(database, { force: true });
  for (const keys of ['fernet-keys', 'credential-keys']) {
    rmSync(path.join(options.folder, keys), { recursive: true, force: true });
    mkdirSync(path.join(options.folder, keys), { mode: 0o700 });
  }
  const owner = ['--keystone-user', 'root', '--keystone-group', 'root'];
  await manage('db_sync');
  await manage('fernet_setup', ...owner);
  await manage('credential_setup', ...owner);
  await manage('bootstrap', '--bootstrap-password', options.password, '--bootstrap-region-id', region);
};

/**
 * Start Keystone on a database that holds nothing but the user `admin` with its project and Keystone's own roles.
 * The first start in a folder makes that database; later ones begin with a copy of it.
 */
export const startKeystone = async (options: KeystoneOptions): Promise<Keystone> => {
  const { folder, host, port } = options;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = (name: string): string => path.join(folder, name);
  const [database, fresh, config, ini] = ['keystone.db', 'bootstrapped.db', 'keystone.conf', 'uwsgi.ini'].map(
    file,
  ) as [string, string, string, string]; // as many as are mapped
  writeFileSync(config, configuration(options, database), { mode: 0o600 });
  writeFileSync(ini, server(options, config));
  if (!existsSync(fresh)) {
    await bootstrap(options, config, database);
    copyFileSync(database, fresh);
  }
  copyFileSync(fresh, database);
  const daemon: Daemon = startDaemon({
    name: 'keystone',
    command: ['uwsgi-core', '--ini', ini],
    logFolder: options.logFolder,
    records: options.records,
  });
  await using started = new AsyncDisposableStack();
  started.use(daemon);
  const url = `http://${host}:${port}/v3`;
  await until('Keystone', () => answers(url, daemon), { timeoutMs: 60_000, everyMs: 200 });
  const running = started.move();
  return { url, [Symbol.asyncDispose]: () => running.disposeAsync() };
};

/** Whether something at `url` answers a GET with success. Throws when the daemon that should has ended. */
export const answers = async (url: string, daemon: Daemon): Promise<boolean> => {
  if (!daemon.running) throw new Error(`${daemon.name} ended; its log says why`);
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(5_000) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
};
