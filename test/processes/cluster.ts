import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { northbound, schemaFile, southbound } from '@ovenbird/ovn-db';
import { startOvsdbServer } from '@ovenbird/ovsdb/testing';
import {
  createApp,
  createLogger,
  type Daemon,
  loadConfig,
  ProcessRecords,
  startDaemon,
  until,
} from '@ovenbird/server';
import { startPostgres } from '@ovenbird/server/testing';
import { freePort } from './free-port.ts';

const host = '127.0.0.1';
const main = path.resolve(import.meta.dirname, '../../packages/cli/src/main.ts');

/** One `ovenbird serve`. */
export interface Member {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  readonly pid: number;
  readonly running: boolean;
  kill(signal: NodeJS.Signals): void;
  readonly ended: Promise<void>;
}

/** Several `ovenbird serve` on one PostgreSQL and one pair of OVN databases, without hosts. */
export interface Cluster extends AsyncDisposable {
  readonly members: readonly Member[];
  /** Start one more; resolves when it answers. */
  grow(): Promise<Member>;
  /** Rows in which OVN is not what SQL says, found by a process of its own that changes nothing. */
  drift(): Promise<readonly unknown[]>;
  /** Rows of a query in SQL. */
  sql(text: string): Promise<readonly { readonly [column: string]: unknown }[]>;
}

const settingsOf = (databaseUrl: string, nb: string, sb: string, port: number) => ({
  api: { host, port },
  database: { url: databaseUrl },
  log: { level: 'info' },
  quotas: {
    limits: { port: -1, network: -1, subnet: -1, router: -1, security_group: -1, security_group_rule: -1 },
  },
  ovn: { nbConnection: [nb], sbConnection: [sb], retryMaxInterval: 500 },
});

/** Start the databases and `count` members, one after the other; `arguments` go to `ovenbird serve`. */
export async function startCluster(
  count: number,
  { arguments: more = [] }: { readonly arguments?: readonly string[] } = {},
): Promise<Cluster> {
  await using stack = new AsyncDisposableStack();
  const folder = mkdtempSync(path.join(tmpdir(), 'ovenbird-processes-'));
  stack.defer(() => rmSync(folder, { recursive: true, force: true }));
  const postgres = stack.use(await startPostgres());
  const nb = stack.use(await startOvsdbServer({ schemaFile: schemaFile(northbound) }));
  const sb = stack.use(await startOvsdbServer({ schemaFile: schemaFile(southbound) }));
  const databaseUrl = await postgres.createDatabase();
  const records = new ProcessRecords(path.join(folder, 'processes'));
  mkdirSync(path.join(folder, 'log'));
  const settings = (port: number) => settingsOf(databaseUrl, nb.endpoint, sb.endpoint, port);
  const members: Member[] = [];
  const daemons = stack.use(new AsyncDisposableStack());

  const cluster: Omit<Cluster, typeof Symbol.asyncDispose> = {
    members,
    async grow() {
      const port = await freePort();
      const name = `member-${members.length}`;
      const file = path.join(folder, `${name}.json`);
      writeFileSync(file, JSON.stringify(settings(port)));
      const command = [process.execPath, main, 'serve', '--config', file, ...more];
      const daemon: Daemon = daemons.use(
        startDaemon({ name, command, logFolder: path.join(folder, 'log'), records }),
      );
      const url = `http://${host}:${port}`;
      await until('API', async () => {
        assert.ok(daemon.running, 'the service ended');
        return await fetch(url).then(
          (response) => response.status < 500,
          () => false,
        );
      });
      const member: Member = {
        url,
        pid: daemon.pid,
        get running() {
          return daemon.running;
        },
        kill: (signal) => daemon.kill(signal),
        ended: daemon.ended,
      };
      members.push(member);
      return member;
    },
    async drift() {
      const config = loadConfig({ file: settings(0) });
      // Not started: it connects and compares, and repairs nothing.
      await using app = await createApp(config, { logger: createLogger({ level: 'silent' }) });
      assert.ok(app.ovn);
      await app.ovn.northbound.ready(AbortSignal.timeout(10_000));
      return await app.ovn.drift();
    },
    sql: (text) => postgres.query(databaseUrl, text),
  };
  for (let index = 0; index < count; index += 1) await cluster.grow();
  const owned = stack.move();
  return Object.assign(cluster, { [Symbol.asyncDispose]: () => owned.disposeAsync() });
}
