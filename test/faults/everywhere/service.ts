import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import {
  type App,
  createApp,
  createLogger,
  type Daemon,
  loadConfig,
  ProcessRecords,
  startDaemon,
  until,
} from '@ovenbird/server';
import { freePort } from '@ovenbird/server/testing';

/** What the API answered; status 0: nothing, the connection broke. */
export interface Answer {
  readonly status: number;
  /** Parsed JSON, or an empty object. */
  readonly body: ReturnType<typeof JSON.parse>;
}

export type Ask = (method: string, path: string, body?: object) => Promise<Answer>;

export interface ServiceOptions {
  readonly folder: string;
  /** As the service under test sees its databases. */
  readonly databaseUrl: string;
  readonly northbound: string;
  readonly southbound: string;
  /** Arguments of Node before the program. */
  readonly preload: readonly string[];
}

const host = '127.0.0.1';
const main = path.resolve(import.meta.dirname, '../../../packages/cli/src/main.ts');
/** A busy machine may take long for it. */
const START_LIMIT_MS = 300_000;

/** Cases pile up until they are removed together. */
const LIMITED = [
  ...['network', 'subnet', 'port', 'router', 'floatingip'],
  ...['security_group', 'security_group_rule', 'rbac_policy'],
];
const NO_LIMITS = Object.fromEntries(LIMITED.map((name) => [name, -1]));

const settings = (options: ServiceOptions, port: number) => ({
  api: { host, port, stopDelay: 0 },
  database: { url: options.databaseUrl },
  identity: { driver: 'none' },
  ml2: { networkVlanRanges: ['physnet1:100:999'] },
  quotas: { default: -1, limits: NO_LIMITS },
  ovn: {
    nbConnection: [options.northbound],
    sbConnection: [options.southbound],
    metadataEnabled: true,
    retryMaxInterval: 200,
    // A busy machine is not to look like a lost connection.
    probeInterval: 60_000,
  },
});

/** `ovenbird serve` as a process of its own, which may be killed and started again. */
export class Service implements AsyncDisposable {
  readonly url: string;
  readonly #command: readonly string[];
  readonly #folder: string;
  readonly #records: ProcessRecords;
  #daemon: Daemon | undefined;
  /** Whether it has, since it was started last. */
  #answered = false;

  private constructor(options: ServiceOptions, port: number) {
    this.url = `http://${host}:${port}`;
    this.#folder = options.folder;
    const file = path.join(options.folder, 'ovenbird.json');
    writeFileSync(file, JSON.stringify(settings(options, port)));
    this.#command = [process.execPath, ...options.preload, main, 'serve', '--config', file];
    this.#records = new ProcessRecords(path.join(options.folder, 'processes'));
  }

  static async start(options: ServiceOptions): Promise<Service> {
    mkdirSync(options.folder, { recursive: true });
    const service = new Service(options, await freePort());
    await service.revive();
    return service;
  }

  /** Start it unless it runs; resolves when it answers. */
  async revive(): Promise<void> {
    if (this.#daemon?.running === true && this.#answered) return;
    this.#answered = false;
    const daemon = this.#daemon?.running === true ? this.#daemon : this.#launch();
    this.#daemon = daemon;
    const answers = async (): Promise<boolean> => {
      if (!daemon.running) throw new Error(`the service ended; see ${this.#folder}/service.out`);
      return fetch(this.url).then(
        ({ status }) => status < 500,
        () => false,
      );
    };
    await until('the API', answers, { timeoutMs: START_LIMIT_MS });
    this.#answered = true;
  }

  #launch(): Daemon {
    return startDaemon({
      name: 'service',
      command: this.#command,
      logFolder: this.#folder,
      records: this.#records,
    });
  }

  get running(): boolean {
    return this.#daemon?.running === true;
  }

  kill(): void {
    this.#daemon?.kill('SIGKILL');
  }

  /** Whether it does anything; false: it has been killed. */
  answers(): Promise<boolean> {
    return fetch(this.url).then(
      () => true,
      () => false,
    );
  }

  /** Resolves when the process is gone. */
  async ended(): Promise<void> {
    await this.#daemon?.ended;
  }

  readonly ask: Ask = async (method, place, body) => {
    try {
      const response = await fetch(`${this.url}/v2.0/${place}`, {
        method,
        ...(body ? { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } } : {}),
      });
      const text = await response.text();
      return { status: response.status, body: text === '' ? {} : JSON.parse(text) };
    } catch {
      return { status: 0, body: {} };
    }
  };

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#daemon?.[Symbol.asyncDispose]();
  }
}

/** A service on the same databases that was not started: it sees everything and changes nothing. */
export const observe = (options: ServiceOptions): Promise<App> =>
  createApp(loadConfig({ file: settings(options, 0) }), { logger: createLogger({ level: 'silent' }) });
