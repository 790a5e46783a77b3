import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startCentral } from '../packages/server/src/lab/central.ts';
import { layOut } from '../packages/server/src/lab/layout.ts';
import { ProcessRecords } from '../packages/server/src/lab/process-record.ts';
import { freePort } from '../packages/server/src/testing/free-port.ts';
import type { Recorded } from './recorded.ts';

const START_TIMEOUT_MS = 60_000;

/** The service under test: a process of its own on private OVN databases, with ovn-northd at work. */
export interface BenchServer extends AsyncDisposable {
  readonly url: string;
  /** Files of the SQL and the Northbound database. */
  readonly sqlFile: string;
  readonly northboundFile: string;
  /** A folder for the benchmark's own files. */
  readonly scratch: string;
  /** Resident memory of the service in MiB: now, and at its highest. */
  memory(): { readonly now: number; readonly peak: number };
  /** Processor time that it has used so far, milliseconds. */
  cpu(): number;
  /** Stop it and start it again. Resolves when it answers and has compared OVN with its database. */
  restart(): Promise<void>;
  /** What the server says to its databases while `action` runs. */
  record(action: () => Promise<unknown>): Promise<Recorded>;
}

const command = fileURLToPath(import.meta.resolve('../packages/cli/src/main.ts'));
const recorder = fileURLToPath(import.meta.resolve('./record.ts'));

const answering = async (url: string, failed: () => boolean): Promise<void> => {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < deadline && !failed()) {
    try {
      await fetch(url);
      return;
    } catch {
      await sleep(10);
    }
  }
  throw new Error('the server did not start');
};

const settings = (port: number, sqlFile: string, central: { northbound: string; southbound: string }) => ({
  api: { port },
  log: { level: 'info' },
  database: { url: `sqlite:${sqlFile}` },
  identity: { driver: 'none' },
  ovn: { nbConnection: [central.northbound], sbConnection: [central.southbound] },
  ml2: { geneveVniRanges: ['1:1000000'] },
  quotas: {
    limits: {
      port: -1,
      network: -1,
      subnet: -1,
      security_group: -1,
      security_group_rule: -1,
      router: -1,
      floatingip: -1,
    },
  },
});

const mebibytes = (status: string, field: string): number =>
  Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1] ?? Number.NaN) / 1024;

/** What the service logs once it has compared OVN with its database. */
const COMPARED = 'compared OVN with the database';

const ended = async (server: ChildProcess): Promise<void> => {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const exited = once(server, 'exit');
  server.kill('SIGTERM');
  await exited;
};

export const startBenchServer = async (): Promise<BenchServer> => {
  await using stack = new AsyncDisposableStack();
  const folder = mkdtempSync(join(tmpdir(), 'ovenbird-bench-'));
  stack.defer(() => rmSync(folder, { recursive: true, force: true }));
  const layout = layOut(folder);
  const central = stack.use(await startCentral(layout, new ProcessRecords(layout.processes), { idle: true }));
  const port = await freePort();
  const sqlFile = join(layout.data, 'ovenbird.db');
  const configFile = join(folder, 'config.json');
  const recordFile = join(folder, 'record.json');
  writeFileSync(configFile, JSON.stringify(settings(port, sqlFile, central)));
  const log = openSync(join(layout.log, 'server.log'), 'a');
  const env = { ...process.env, OVENBIRD_BENCH_RECORD: recordFile };
  const launch = (): ChildProcess =>
    spawn(process.execPath, ['--import', recorder, command, 'serve', '--config', configFile], {
      stdio: ['ignore', log, log],
      env,
    });
  const url = `http://127.0.0.1:${port}`;
  const said = (): string => readFileSync(join(layout.log, 'server.log'), 'utf8');
  const started = async (): Promise<void> => {
    const gone = (): boolean => server.exitCode !== null;
    try {
      await answering(url, gone);
    } catch (error) {
      throw new Error(said().slice(-4000), { cause: error });
    }
    const before = starts;
    while (said().split(COMPARED).length <= before) await sleep(10);
  };
  let starts = 1;
  let server = launch();
  stack.defer(() => ended(server));
  await started();
  const owned = stack.move();
  return {
    url,
    sqlFile,
    northboundFile: join(layout.data, 'nb.db'),
    scratch: folder,
    memory() {
      const status = readFileSync(`/proc/${server.pid}/status`, 'utf8');
      return { now: mebibytes(status, 'VmRSS'), peak: mebibytes(status, 'VmHWM') };
    },
    cpu() {
      // proc(5) stat: user and system time are fields 14 and 15, in hundredths of a second on Linux.
      const stat = readFileSync(`/proc/${server.pid}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return (Number(fields[11]) + Number(fields[12])) * 10;
    },
    async restart() {
      starts = said().split(COMPARED).length;
      await ended(server);
      server = launch();
      await started();
    },
    async record(action) {
      rmSync(recordFile, { force: true });
      server.kill('SIGUSR2');
      await sleep(100);
      await action();
      server.kill('SIGUSR2');
      while (!existsSync(recordFile)) await sleep(20);
      // Written by record.ts, whole or not at all.
      return JSON.parse(readFileSync(recordFile, 'utf8')) as Recorded;
    },
    [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose](),
  };
};
