import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
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
  /** Go on with the database and the keys that are there. */
  readonly again?: boolean;
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
[fernet_receipts]
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

/** A key as Fernet takes it. */
const key = (): string => `${randomBytes(32).toString('base64url')}=`;

/** Make keys, and a database that holds nothing but the user `admin` with its project and Keystone's own roles. */
const bootstrap = async (options: KeystoneOptions, config: string, database: string): Promise<void> => {
  rmSync(database, { force: true });
  for (const keys of ['fernet-keys', 'credential-keys']) {
    const folder = path.join(options.folder, keys);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { mode: 0o700 });
    for (const name of ['0', '1']) writeFileSync(path.join(folder, name), key(), { mode: 0o600 });
  }
  const script = fileURLToPath(import.meta.resolve('./python/bootstrap_keystone.py'));
  await runCommand(['/usr/bin/python3', script, config, region], {
    env: { OS_BOOTSTRAP_PASSWORD: options.password },
    timeoutMs: 300_000,
  });
};

/** Start Keystone on a new database, or on the one that an earlier start in the folder made (`again`). */
export const startKeystone = async (options: KeystoneOptions): Promise<Keystone> => {
  const { folder, host, port, again = false } = options;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const [database, config, ini] = ['keystone.db', 'keystone.conf', 'uwsgi.ini'].map((name) =>
    path.join(folder, name),
  ) as [string, string, string]; // as many as are mapped
  writeFileSync(config, configuration(options, database), { mode: 0o600 });
  writeFileSync(ini, server(options, config));
  await using started = new AsyncDisposableStack();
  // It looks at the database with the first request only, so that both may begin at once.
  const filled = again ? Promise.resolve() : bootstrap(options, config, database);
  const daemon: Daemon = startDaemon({
    name: 'keystone',
    command: ['uwsgi-core', '--ini', ini],
    logFolder: options.logFolder,
    records: options.records,
  });
  started.use(daemon);
  const url = `http://${host}:${port}/v3`;
  const up = until('Keystone', () => answers(url, daemon), { timeoutMs: 120_000, everyMs: 200 });
  await Promise.all([filled, up]);
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
