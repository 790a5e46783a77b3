import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, copyFile, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';

const run = promisify(execFile);
const START_TIMEOUT_MS = 60_000;
const SERVER_ROOT = '/usr/lib/postgresql';
/** PostgreSQL refuses to run as root; Debian's package makes this user. */
const UNPRIVILEGED = 'postgres';

/** A private PostgreSQL server for tests. */
export interface TestPostgres extends AsyncDisposable {
  /** Path of its unix socket. */
  readonly socket: string;
  /** URL of a database by its name. */
  urlOf(name: string): string;
  /** Make an empty database, of a name of its own unless one is given; the URL to open it. */
  createDatabase(name?: string): Promise<string>;
  /** Kill it (SIGKILL); the data stay. */
  stop(): Promise<void>;
  /** Start it anew on the same data, killed before if it runs; resolves when it answers. */
  restart(): Promise<void>;
  /** Rows of one statement in a database, over a connection of its own. */
  query(url: string, statement: string): Promise<readonly { readonly [column: string]: unknown }[]>;
}

/** Over TCP on 127.0.0.1 too, with TLS: files of its certificate and key, and the port. */
export interface PostgresTls {
  readonly certificate: string;
  readonly key: string;
  readonly port: number;
}

/** Settings of a server with TLS. It takes a key only when that is its own and nobody else's. */
const tlsSettings = async (
  { certificate, key, port }: PostgresTls,
  directory: string,
  owner: Awaited<ReturnType<typeof unprivilegedOwner>>,
): Promise<readonly string[]> => {
  const copies = [join(directory, 'server.crt'), join(directory, 'server.key')] as const;
  await copyFile(certificate, copies[0]);
  await copyFile(key, copies[1]);
  await chmod(copies[1], 0o600);
  if (owner) for (const copy of copies) await chown(copy, owner.uid, owner.gid);
  const files = [`ssl_cert_file=${copies[0]}`, `ssl_key_file=${copies[1]}`];
  const settings = ['ssl=on', ...files, 'listen_addresses=127.0.0.1', `port=${port}`];
  return settings.flatMap((setting) => ['-c', setting]);
};

/**
 * Start a PostgreSQL of its own: data and unix socket in a fresh directory, no TCP (without `tls`), no fsync (nothing in
 * it outlives the tests). Stopped and removed on dispose. Needs Debian's `postgresql` package.
 */
export const startPostgres = async (tls?: PostgresTls): Promise<TestPostgres> => {
  const bin = await newestServer();
  const directory = await mkdtemp(join(tmpdir(), 'ovenbird-pg-'));
  const owner = await unprivilegedOwner();
  if (owner) await chown(directory, owner.uid, owner.gid);
  const data = join(directory, 'data');
  const options = { cwd: directory, ...owner };
  const initialised = [
    '-D',
    data,
    '-U',
    'ovenbird',
    '--auth=trust',
    '--no-sync',
    '--locale=C.UTF-8',
    '-E',
    'UTF8',
  ];
  await run(join(bin, 'initdb'), initialised, options);
  const more = tls === undefined ? [] : await tlsSettings(tls, directory, owner);
  const command = [join(bin, 'postgres'), '-D', data, '-k', directory, ...SERVER_SETTINGS, ...more];
  // A test process that is killed runs no hooks; the kernel then tells the server to quit.
  const start = () =>
    spawn('setpriv', ['--pdeathsig', 'QUIT', '--', ...command], { ...options, stdio: 'ignore' });
  let server = start();
  const urlOf = (name: string) =>
    `postgres://ovenbird@/${name}?host=${encodeURIComponent(directory)}&port=${tls?.port ?? 5432}`;
  const stop = async () => {
    await stopServer(server);
    await rm(directory, { recursive: true, force: true });
  };
  try {
    await answering(urlOf('postgres'), server);
  } catch (error) {
    await stop();
    throw error;
  }
  let count = 0;
  return {
    socket: join(directory, '.s.PGSQL.5432'),
    urlOf,
    async createDatabase(name = `test_${++count}`) {
      await statement(urlOf('postgres'), `create database ${name}`);
      return urlOf(name);
    },
    query: statement,
    stop: () => stopServer(server, 'SIGKILL'),
    async restart() {
      await stopServer(server, 'SIGKILL');
      const deadline = Date.now() + START_TIMEOUT_MS;
      // While processes of the killed one still end, a new one refuses to start.
      do server = start();
      while (!(await answered(urlOf('postgres'), server, deadline)));
    },
    [Symbol.asyncDispose]: stop,
  };
};

const SERVER_SETTINGS = [
  'listen_addresses=',
  'fsync=off',
  'full_page_writes=off',
  'shared_buffers=16MB',
  'max_connections=200',
].flatMap((setting) => ['-c', setting]);

const newestServer = async (): Promise<string> => {
  const versions = await readdir(SERVER_ROOT);
  const newest = versions.sort((a, b) => Number(b) - Number(a))[0];
  if (newest === undefined) throw new Error(`no PostgreSQL server below ${SERVER_ROOT}`);
  return join(SERVER_ROOT, newest, 'bin');
};

const unprivilegedOwner = async (): Promise<{ uid: number; gid: number } | undefined> => {
  if (userInfo().uid !== 0) return undefined;
  const [uid, gid] = await Promise.all([run('id', ['-u', UNPRIVILEGED]), run('id', ['-g', UNPRIVILEGED])]);
  return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
};

/** Rows of one statement in a database, over a connection of its own. */
export const statement = async (
  url: string,
  text: string,
): Promise<readonly { readonly [column: string]: unknown }[]> => {
  const client = new pg.Client({ connectionString: url });
  // The server may be killed at any time; the statement fails then.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<{ readonly [column: string]: unknown }>(text)).rows;
  } finally {
    await client.end();
  }
};

/** Whether it answers; false when it ended instead before the deadline. */
const answered = async (url: string, server: ChildProcess, deadline: number): Promise<boolean> => {
  try {
    await answering(url, server);
    return true;
  } catch (error) {
    if (server.exitCode === null || Date.now() > deadline) throw error;
    await sleep(100);
    return false;
  }
};

const answering = async (url: string, server: ChildProcess): Promise<void> => {
  const deadline = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    if (server.exitCode !== null) throw new Error(`postgres exited with ${server.exitCode}`);
    try {
      await statement(url, 'select 1');
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
    await sleep(50);
  }
};

const stopServer = async (server: ChildProcess, signal: NodeJS.Signals = 'SIGQUIT'): Promise<void> => {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const exited = once(server, 'exit');
  server.kill(signal);
  await exited;
};
