import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeCertificates, type TestCertificates } from './certificates.ts';
import { OvsdbServerProcess, runCommand } from './server-process.ts';

export interface StartServerOptions {
  /** Path of the `.ovsschema` file. */
  readonly schemaFile: string;
  /** Ways to listen besides the unix socket, on 127.0.0.1 at free ports. `ssl` makes certificates with openssl. */
  readonly remotes?: readonly ('tcp' | 'ssl')[];
  /** Certificates that another server of the same test has; the files must outlive this server. */
  readonly certificates?: TestCertificates | undefined;
  /** A cluster of one instead of a stand-alone database: clients can then resume. Default false. */
  readonly clustered?: boolean;
}

/** A running server in a folder of its own; disposing stops it and removes the folder. */
export interface TestServer extends AsyncDisposable {
  readonly process: OvsdbServerProcess;
  /** `unix:PATH` of the server. */
  readonly endpoint: string;
  /** Certificates for clients; only with the remote `ssl`. */
  readonly certificates: TestCertificates | undefined;
  /** SIGKILL; the file stays. */
  kill(): Promise<void>;
  /** Start again after {@link kill}, or kill and start. Same file, socket and ports. */
  restart(): Promise<void>;
}

/** In: options. Out: a server that accepts connections. Needs `ovsdb-server` and `ovsdb-tool` in the path. */
export async function startOvsdbServer(options: StartServerOptions): Promise<TestServer> {
  const { schemaFile, remotes = [], clustered = false } = options;
  const dir = await mkdtemp(join(tmpdir(), 'ovsdb-'));
  const databaseFile = join(dir, 'database.db');
  const certificates = remotes.includes('ssl')
    ? (options.certificates ?? (await makeCertificates(dir)))
    : undefined;
  const create = clustered
    ? ['create-cluster', databaseFile, schemaFile, `unix:${join(dir, 'raft')}`]
    : ['create', databaseFile, schemaFile];
  await runCommand('ovsdb-tool', create);
  const process = new OvsdbServerProcess({
    dir,
    name: 'server',
    databaseFile,
    remotes,
    tls: certificates?.server,
  });
  await startOrRemove([process], dir);
  return {
    process,
    endpoint: process.endpoint,
    certificates,
    kill: () => process.kill(),
    restart: () => process.restart(),
    [Symbol.asyncDispose]: () => stopAndRemove([process], dir),
  };
}

async function startOrRemove(servers: readonly OvsdbServerProcess[], dir: string): Promise<void> {
  try {
    for (const server of servers) await server.start();
  } catch (error) {
    await stopAndRemove(servers, dir);
    throw error;
  }
}

/** Kill servers and remove their folder. */
export async function stopAndRemove(servers: readonly OvsdbServerProcess[], dir: string): Promise<void> {
  await Promise.all(servers.map((server) => server.kill()));
  await rm(dir, { recursive: true, force: true });
}
