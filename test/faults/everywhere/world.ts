import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { northbound, schemaFile, southbound } from '@ovenbird/ovn-db';
import { startOvsdbServer } from '@ovenbird/ovsdb/testing';
import { startPostgres } from '@ovenbird/server/testing';
import pg from 'pg';
import { backgroundTables } from '../../../packages/server/src/testing/background-tables.ts';
import { addChassis, connectAsController } from '../../ovn/chassis.ts';
import type { Injector, Kill } from './injector.ts';
import { type Query, type Row, violations } from './invariants.ts';
import { northboundFaults } from './northbound-faults.ts';
import { postgresFaults } from './postgres-faults.ts';
import { observe, Service, type ServiceOptions } from './service.ts';
import { sqliteFaults } from './sqlite-faults.ts';

export type Dialect = 'sqlite' | 'postgres';

/** Every row of the tables that requests are about, as text by table. */
export type Dump = ReadonlyMap<string, string>;

/** The service between injectors, and eyes that look past them. */
export interface World extends AsyncDisposable {
  readonly service: Service;
  readonly injectors: readonly Injector[];
  dump(): Promise<Dump>;
  /** In what OVN is not as SQL says, after some time to heal. */
  drifting(): Promise<readonly string[]>;
  /** What is not as the promise of consistency has it, after some time to heal. */
  broken(): Promise<string[]>;
}

/** Notes of work to be done and of times: they come and go by themselves. */
const TRANSIENT = new Set(['journal', 'nova_events', ...backgroundTables]);
const HEALING_LIMIT_MS = 30_000;

const tables: { readonly [dialect in Dialect]: string } = {
  sqlite: `select name from sqlite_master where type = 'table' and name not like 'sqlite_%'`,
  postgres: `select table_name as name from information_schema.tables where table_schema = 'public'`,
};

interface Sql {
  /** For eyes, and for the service through an injector. */
  readonly realUrl: string;
  readonly url: string;
  readonly injector: Injector;
  readonly preload: readonly string[];
  readonly query: Query;
}

const sqlite = (folder: string, stack: AsyncDisposableStack): Sql => {
  const file = path.join(folder, 'ovenbird.db');
  // One connection for all eyes, opened when the service has made the file: to open one costs more than to look.
  let reader: DatabaseSync | undefined;
  stack.defer(() => reader?.close());
  const plan = path.join(folder, 'plan');
  const hook = `${new URL('./sqlite-hook.ts', import.meta.url).href}?plan=${encodeURIComponent(plan)}`;
  return {
    realUrl: `sqlite:${file}`,
    url: `sqlite:${file}`,
    injector: sqliteFaults(plan),
    preload: ['--import', hook],
    async query(text) {
      reader ??= new DatabaseSync(file, { readOnly: true });
      return reader.prepare(text).all();
    },
  };
};

const postgres = async (folder: string, stack: AsyncDisposableStack, kill: Kill): Promise<Sql> => {
  const server = stack.use(await startPostgres());
  const realUrl = await server.createDatabase();
  const serverFolder = new URL(realUrl.replace('@/', '@localhost/')).searchParams.get('host') ?? '';
  const serviceFolder = path.join(folder, 'postgres');
  mkdirSync(serviceFolder);
  const injector = stack.use(await postgresFaults({ serverFolder, serviceFolder, kill }));
  const url = realUrl.replace(/host=.*/, `host=${encodeURIComponent(serviceFolder)}`);
  const eyes = new pg.Client({ connectionString: realUrl });
  await eyes.connect();
  stack.defer(() => eyes.end());
  const query: Query = async (text) => (await eyes.query<Row>(text)).rows;
  return { realUrl, url, injector, preload: [], query };
};

const tablesOf = async (query: Query, dialect: Dialect): Promise<readonly string[]> =>
  (await query(tables[dialect])).map(({ name }) => String(name)).filter((name) => !TRANSIENT.has(name));

const dumpWith = async (query: Query, dialect: Dialect, kept: readonly string[]): Promise<Dump> => {
  const dump = new Map<string, string>();
  const put = (name: string, rows: readonly string[]): void =>
    void dump.set(name, rows.toSorted().join('\n'));
  if (dialect === 'sqlite') {
    for (const name of kept)
      put(
        name,
        (await query(`select * from ${name}`)).map((row) => JSON.stringify(row)),
      );
    return dump;
  }
  // One statement, so that it is one snapshot.
  const parts = kept.map((name) => `select '${name}' as name, row_to_json(t)::text as text from ${name} t`);
  const rows = Map.groupBy(await query(parts.join(' union all ')), ({ name }) => String(name));
  for (const name of kept)
    put(
      name,
      (rows.get(name) ?? []).map(({ text }) => String(text)),
    );
  return dump;
};

/** Look again and again until nothing is left or it has taken too long. Out: what is left. */
export const healed = async (look: () => Promise<readonly string[]>): Promise<readonly string[]> => {
  const started = performance.now();
  let left = await look();
  while (left.length > 0 && performance.now() - started < HEALING_LIMIT_MS) {
    await sleep(50);
    left = await look();
  }
  return left;
};

/** Two hosts that machines may be on, and that carry gateways. */
const addHosts = async (servers: Parameters<typeof connectAsController>[0]): Promise<void> => {
  await using controller = await connectAsController(servers);
  const config = { 'ovn-bridge-mappings': 'physnet1:br-ex', 'ovn-cms-options': 'enable-chassis-as-gw' };
  for (const hostname of ['near', 'far'])
    await addChassis(controller, { name: `chassis-${hostname}`, hostname, config });
};

export const openWorld = async (dialect: Dialect): Promise<World> => {
  await using stack = new AsyncDisposableStack();
  const folder = mkdtempSync(path.join(tmpdir(), 'ovenbird-everywhere-'));
  chmodSync(folder, 0o755);
  stack.defer(() => rmSync(folder, { recursive: true, force: true }));
  const nb = stack.use(await startOvsdbServer({ schemaFile: schemaFile(northbound) }));
  const sb = stack.use(await startOvsdbServer({ schemaFile: schemaFile(southbound) }));
  await addHosts({ southbound: sb });
  const kill: Kill = () => service.kill();
  const sql = dialect === 'sqlite' ? sqlite(folder, stack) : await postgres(folder, stack, kill);
  const relayed = path.join(folder, 'northbound.sock');
  const nbInjector = stack.use(
    await northboundFaults({ server: nb.endpoint.replace('unix:', ''), service: relayed, kill }),
  );
  const options: ServiceOptions = {
    folder: path.join(folder, 'service'),
    databaseUrl: sql.url,
    northbound: `unix:${relayed}`,
    southbound: sb.endpoint,
    preload: sql.preload,
  };
  const service = stack.use(await Service.start(options));
  const observer = stack.use(
    await observe({ ...options, databaseUrl: sql.realUrl, northbound: nb.endpoint }),
  );
  await observer.ovn?.northbound.ready(AbortSignal.timeout(60_000));
  const drift = async (): Promise<readonly string[]> =>
    ((await observer.ovn?.drift()) ?? ['nobody looks']).map((each) => JSON.stringify(each));
  const open = async (): Promise<readonly string[]> => {
    const waiting = await sql.query('select kind, id, attempts, last_error from journal');
    return [...(await drift()), ...waiting.map((each) => JSON.stringify(each))];
  };
  const names = await tablesOf(sql.query, dialect);
  const owned = stack.move();
  return {
    service,
    injectors: [sql.injector, nbInjector],
    dump: () => dumpWith(sql.query, dialect, names),
    drifting: () => healed(drift),
    async broken() {
      return [...(await healed(open)), ...(await violations(sql.query))];
    },
    [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose](),
  };
};
