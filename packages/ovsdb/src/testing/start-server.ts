import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseSchema } from '../schema/parse-schema.ts';
import { makeCertificates, type TestCertificates } from './certificates.ts';
import { OvsdbServerProcess, runCommand } from './server-process.ts';

export interface StartServerOptions {
  /** Path of the `.ovsschema` file. */
  readonly schemaFile: string;
  /** Ways to listen besides the unix socket, on 127.0.0.1 at free ports. `ssl` makes certificates with openssl. */
  readonly remotes?: readonly ('tcp' | 'ssl')[];
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
  const certificates = remotes.includes('ssl') ? await makeCertificates(dir) : undefined;
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

/** A running cluster; disposing stops every server and removes the folder. */
export interface TestCluster extends AsyncDisposable {
  readonly servers: readonly OvsdbServerProcess[];
  /** Endpoints of all servers, in their order. */
  readonly endpoints: readonly string[];
  /** The running server that says it leads. Throws when there is none. */
  leader(): Promise<OvsdbServerProcess>;
}

/** In: a schema, the number of servers. Out: a Raft cluster in which every server has joined. */
export async function startOvsdbCluster(options: { schemaFile: string; size: number }): Promise<TestCluster> {
  const { schemaFile, size } = options;
  const { name: database } = parseSchema(await readFile(schemaFile, 'utf8'));
  const dir = await mkdtemp(join(tmpdir(), 'ovsdb-'));
  const raft = (at: number): string => `unix:${join(dir, `raft${at}`)}`;
  const servers: OvsdbServerProcess[] = [];
  try {
    for (let at = 0; at < size; at += 1) {
      const databaseFile = join(dir, `database${at}.db`);
      await runCommand(
        'ovsdb-tool',
        at === 0
          ? ['create-cluster', databaseFile, schemaFile, raft(0)]
          : ['join-cluster', databaseFile, database, raft(at), raft(0)],
      );
      const server = new OvsdbServerProcess({
        dir,
        name: `s${at}`,
        databaseFile,
        remotes: [],
        tls: undefined,
      });
      servers.push(server);
      await server.start();
      await runCommand('ovsdb-client', ['-t', '30', 'wait', server.endpoint, database, 'connected']);
    }
  } catch (error) {
    await stopAndRemove(servers, dir);
    throw error;
  }
  return {
    servers,
    endpoints: servers.map((server) => server.endpoint),
    leader: async () => {
      for (const server of servers) {
        if (server.running && /^Role: leader$/m.test(await server.control('cluster/status', database)))
          return server;
      }
      throw new Error('no server leads the cluster');
    },
    [Symbol.asyncDispose]: () => stopAndRemove(servers, dir),
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

async function stopAndRemove(servers: readonly OvsdbServerProcess[], dir: string): Promise<void> {
  await Promise.all(servers.map((server) => server.kill()));
  await rm(dir, { recursive: true, force: true });
}
