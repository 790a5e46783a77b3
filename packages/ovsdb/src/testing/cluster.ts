import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseSchema } from '../schema/parse-schema.ts';
import { OvsdbServerProcess, runCommand } from './server-process.ts';
import { stopAndRemove } from './start-server.ts';

const POLL_MS = 20;
const REMOVAL_TIMEOUT_MS = 60_000;
/** How long a server may take to join a cluster, and how often it may begin anew: a join that fails midway can stay stuck. */
const JOIN_TIMEOUT_S = 30;
const JOIN_TRIES = 3;
/** A conversion during which the leader changes may never be answered. */
const CONVERT_TIMEOUT_S = 10;

/** A running cluster; disposing stops every server and removes the folder. */
export interface TestCluster extends AsyncDisposable {
  readonly servers: readonly OvsdbServerProcess[];
  /** Endpoints of all servers, in their order. */
  readonly endpoints: readonly string[];
  /** The running server that says it leads. Throws when there is none. */
  leader(): Promise<OvsdbServerProcess>;
  /** Kill a server, lose its file, and let it join again with nothing. Throws when the others cannot agree to it. */
  replace(server: OvsdbServerProcess): Promise<void>;
  /** Kill all servers, lose all files, and start a cluster that holds nothing. */
  empty(): Promise<void>;
  /** Convert the database to a schema, given as the text of its file. Throws when the leader does not answer. */
  convert(schema: string): Promise<void>;
}

/** Parts of a cluster that its operations share. */
class Cluster implements TestCluster {
  readonly servers: OvsdbServerProcess[] = [];
  readonly #dir: string;
  readonly #schemaFile: string;
  readonly #database: string;

  constructor(dir: string, schemaFile: string, database: string) {
    this.#dir = dir;
    this.#schemaFile = schemaFile;
    this.#database = database;
  }

  get endpoints(): readonly string[] {
    return this.servers.map((server) => server.endpoint);
  }

  add(): void {
    const name = `s${this.servers.length}`;
    const databaseFile = this.#file(this.servers.length);
    this.servers.push(
      new OvsdbServerProcess({ dir: this.#dir, name, databaseFile, remotes: [], tls: undefined }),
    );
  }

  async startEmpty(): Promise<void> {
    for (const [at, server] of this.servers.entries()) await this.#join(server, at === 0 ? [] : [0]);
  }

  async leader(): Promise<OvsdbServerProcess> {
    for (const server of this.servers)
      if (server.running && /^Role: leader$/m.test(await this.#status(server))) return server;
    throw new Error('no server leads the cluster');
  }

  async replace(server: OvsdbServerProcess): Promise<void> {
    const at = this.servers.indexOf(server);
    const others = this.servers.flatMap((_, index) => (index === at ? [] : [index]));
    await this.#leave(server);
    await this.#join(server, others);
  }

  async empty(): Promise<void> {
    await Promise.all(this.servers.map((server) => server.kill()));
    await this.startEmpty();
  }

  async convert(schema: string): Promise<void> {
    const file = join(this.#dir, 'converted.ovsschema');
    await writeFile(file, schema);
    const { endpoint } = await this.leader();
    await runCommand('ovsdb-client', ['-t', `${CONVERT_TIMEOUT_S}`, 'convert', endpoint, file]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await stopAndRemove(this.servers, this.#dir);
  }

  /** Have the leader take a server out, whoever leads by now. */
  async #remove(id: string, at: number): Promise<void> {
    const deadline = performance.now() + REMOVAL_TIMEOUT_MS;
    for (;;) {
      const leader = await this.leader().catch(() => undefined);
      if (leader !== undefined && !(await this.#status(leader)).includes(`${this.#address(at)})`)) return;
      if (performance.now() > deadline) throw new Error(`the cluster keeps server ${at}`);
      // Refused while it is under way, or when the leader has changed.
      await leader?.control('cluster/kick', this.#database, id).catch(() => {});
      await sleep(POLL_MS);
    }
  }

  #status(server: OvsdbServerProcess): Promise<string> {
    return server.control('cluster/status', this.#database);
  }

  #file(at: number): string {
    return join(this.#dir, `database${at}.db`);
  }

  #address(at: number): string {
    return `unix:${join(this.#dir, `raft${at}`)}`;
  }

  /** The file of a server that founds a cluster, or of one that joins through others. */
  async #makeFile(at: number, through: readonly number[]): Promise<void> {
    const file = this.#file(at);
    await rm(file, { force: true });
    const own = this.#address(at);
    const remotes = through.map((other) => this.#address(other));
    const founding = ['create-cluster', file, this.#schemaFile, own];
    await runCommand(
      'ovsdb-tool',
      remotes.length === 0 ? founding : ['join-cluster', file, this.#database, own, ...remotes],
    );
  }

  /** Kill a running server and have the others forget it. */
  async #leave(server: OvsdbServerProcess): Promise<void> {
    const id = (await server.control('cluster/sid', this.#database)).trim();
    await server.kill();
    await this.#remove(id, this.servers.indexOf(server));
  }

  /** Start a server with nothing, as founder or through others. */
  async #join(server: OvsdbServerProcess, through: readonly number[]): Promise<void> {
    const at = this.servers.indexOf(server);
    for (let tries = 1; tries <= JOIN_TRIES; tries += 1) {
      await this.#makeFile(at, through);
      await server.start();
      if (await this.#joined(server)) return;
      await this.#leave(server);
    }
    throw new Error(`server ${at} does not join:\n${await server.log()}`);
  }

  async #joined(server: OvsdbServerProcess): Promise<boolean> {
    const wait = ['wait', server.endpoint, this.#database, 'connected'];
    return runCommand('ovsdb-client', ['-t', `${JOIN_TIMEOUT_S}`, ...wait]).then(
      () => true,
      () => false,
    );
  }
}

/** In: a schema, the number of servers. Out: a Raft cluster in which every server has joined. */
export async function startOvsdbCluster(options: { schemaFile: string; size: number }): Promise<TestCluster> {
  const { schemaFile, size } = options;
  const { name } = parseSchema(await readFile(schemaFile, 'utf8'));
  const cluster = new Cluster(await mkdtemp(join(tmpdir(), 'ovsdb-')), schemaFile, name);
  try {
    for (let at = 0; at < size; at += 1) cluster.add();
    await cluster.startEmpty();
  } catch (error) {
    await cluster[Symbol.asyncDispose]();
    throw error;
  }
  return cluster;
}
