import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { network, port, type ResourceDefinition, securityGroup } from '@ovenbird/api';
import {
  createApp,
  createLogger,
  type Daemon,
  type Lab,
  loadConfig,
  ProcessRecords,
  startDaemon,
  startLab,
  until,
} from '@ovenbird/server';
import { freePort } from '@ovenbird/server/testing';

/** Answer of the API; status 0: the connection broke, so the outcome is unknown. */
export interface Outcome {
  readonly status: number;
  readonly id: string | undefined;
}

/** A lab with the API service in a process of its own, so that it can be killed. */
export interface Service extends AsyncDisposable {
  readonly lab: Lab;
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  start(): Promise<void>;
  /** End it by this signal and wait until it is gone. */
  end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>;
  create(definition: ResourceDefinition, body: object): Promise<Outcome>;
  remove(definition: ResourceDefinition, id: string): Promise<number>;
  ids(definition: ResourceDefinition): Promise<ReadonlySet<string>>;
  /** Rows of a table of the SQL database that meet a condition, counted by another process. */
  countRows(table: string, condition: string): number;
  /** Assert that OVN is what SQL says, first with the service running, then by comparing every row without it. */
  assertConsistent(): Promise<void>;
}

const host = '127.0.0.1';
const main = path.resolve(import.meta.dirname, '../../packages/cli/src/main.ts');

export async function openService(): Promise<Service> {
  const stateDir = mkdtempSync(path.join(tmpdir(), 'ovenbird-faults-'));
  const lab = await startLab({ stateDir });
  const apiPort = await freePort();
  const url = `http://${host}:${apiPort}`;
  const database = path.join(lab.layout.data, 'ovenbird.db');
  const settings = {
    api: { host, port: apiPort },
    database: { url: `sqlite:${database}` },
    quotas: { limits: { port: -1, network: -1, security_group: -1, subnet: -1 } },
    ovn: {
      nbConnection: [lab.central.northbound],
      sbConnection: [lab.central.southbound],
      retryMaxInterval: 500,
    },
  };
  const file = path.join(stateDir, 'ovenbird.json');
  writeFileSync(file, JSON.stringify(settings));
  const records = new ProcessRecords(path.join(stateDir, 'service'));
  let process_: Daemon | undefined;

  const service: Service = {
    lab,
    url,
    async start() {
      const command = [process.execPath, main, 'serve', '--config', file];
      process_ = startDaemon({ name: 'service', command, logFolder: lab.layout.log, records });
      await until('API', async () => {
        assert.ok(process_?.running, 'the service ended');
        return await fetch(url).then(
          (response) => response.status < 500,
          () => false,
        );
      });
    },
    async end(signal) {
      process_?.kill(signal);
      await process_?.ended;
    },
    async create(definition, body) {
      const answer = await send(`${url}/v2.0/${definition.path}`, 'POST', { [definition.name]: body });
      return { status: answer.status, id: answer.member(definition.name) };
    },
    remove: async (definition, id) => (await send(`${url}/v2.0/${definition.path}/${id}`, 'DELETE')).status,
    async ids(definition) {
      const response = await fetch(`${url}/v2.0/${definition.path}?fields=id`);
      assert.equal(response.status, 200);
      const body: { readonly [collection: string]: readonly { id: string }[] } = JSON.parse(
        await response.text(),
      );
      return new Set((body[definition.collection] ?? []).map(({ id }) => id));
    },
    countRows(table, condition) {
      using reader = new DatabaseSync(database, { readOnly: true });
      return Number(reader.prepare(`SELECT count(*) AS n FROM ${table} WHERE ${condition}`).get()?.n);
    },
    async assertConsistent() {
      await until('Northbound rows of all ports and networks', () => mirrors(service));
      await service.end('SIGTERM');
      const config = loadConfig({ file: { ...settings, api: { host, port: 0 } } });
      // Not started: it connects and compares, and repairs nothing.
      await using app = await createApp(config, { logger: createLogger({ level: 'silent' }) });
      assert.ok(app.ovn);
      await app.ovn.northbound.ready(AbortSignal.timeout(60_000));
      assert.deepEqual(await app.ovn.drift(), []);
      await service.start();
    },
    async [Symbol.asyncDispose]() {
      await process_?.[Symbol.asyncDispose]();
      await lab[Symbol.asyncDispose]();
      rmSync(stateDir, { recursive: true, force: true });
    },
  };
  await service.start();
  return service;
}

/** Whether OVN has exactly the API's networks, ports and groups, as ovn-nbctl sees it. */
async function mirrors(service: Service): Promise<boolean> {
  const named = async (table: string, prefix: string): Promise<readonly string[]> => {
    const text = await service.lab.central.nbctl('--bare', '--columns=name', 'list', table);
    const names = text.split('\n').filter((name) => name !== '' && name.startsWith(prefix));
    return names.map((name) => name.slice(prefix.length).replaceAll('_', '-')).sort();
  };
  const same = async (definition: ResourceDefinition, table: string, prefix: string): Promise<boolean> =>
    JSON.stringify([...(await service.ids(definition))].sort()) ===
    JSON.stringify(await named(table, prefix));
  return (
    (await same(network, 'logical_switch', 'neutron-')) &&
    (await same(port, 'logical_switch_port', '')) &&
    (await same(securityGroup, 'port_group', 'pg_'))
  );
}

interface Sent {
  readonly status: number;
  /** Id of the resource in the body. */
  member(name: string): string | undefined;
}

async function send(url: string, method: string, body?: object): Promise<Sent> {
  try {
    const response = await fetch(url, {
      method,
      ...(body ? { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } } : {}),
    });
    const text = await response.text();
    const parsed: { readonly [name: string]: { readonly id?: string } } = text === '' ? {} : JSON.parse(text);
    return { status: response.status, member: (name) => parsed[name]?.id };
  } catch {
    return { status: 0, member: () => undefined };
  }
}
