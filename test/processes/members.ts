import assert from 'node:assert/strict';
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

const host = '127.0.0.1';
const main = path.resolve(import.meta.dirname, '../../packages/cli/src/main.ts');

/** One `ovenbird serve`. */
export interface Member {
  /** `http://127.0.0.1:PORT`; the same after a restart. */
  readonly url: string;
  readonly pid: number;
  readonly running: boolean;
  kill(signal: NodeJS.Signals): void;
  readonly ended: Promise<void>;
  /** Start it again after its end; resolves when it answers. */
  start(): Promise<void>;
}

/** How to reach SQL and OVN. */
export interface DatabaseWays {
  readonly databaseUrl: string;
  readonly northbound: readonly string[];
  readonly southbound: readonly string[];
}

export interface MembersOptions extends DatabaseWays {
  /** For configurations, logs and records of processes. */
  readonly folder: string;
  /** `api.stopDelay`, seconds. Default 0. */
  readonly stopDelay?: number;
  /** More arguments of `ovenbird serve`. */
  readonly arguments?: readonly string[];
}

/** The `ovenbird serve` of one deployment. Disposing ends them. */
export class Members implements AsyncDisposable {
  readonly all: Member[] = [];
  readonly #options: MembersOptions;
  readonly #records: ProcessRecords;
  readonly #log: string;
  readonly #daemons = new Map<Member, Daemon>();

  constructor(options: MembersOptions) {
    this.#options = options;
    this.#records = new ProcessRecords(path.join(options.folder, 'members'));
    this.#log = path.join(options.folder, 'log');
    mkdirSync(this.#log, { recursive: true });
  }

  /** Start one more, which may have ways of its own to the databases; resolves when it answers. */
  async grow(ways: Partial<DatabaseWays> = {}): Promise<Member> {
    const port = await freePort();
    const name = `member-${this.all.length}`;
    const file = path.join(this.#options.folder, `${name}.json`);
    writeFileSync(file, JSON.stringify(this.#settings(port, ways)));
    const command = [process.execPath, main, 'serve', '--config', file, ...(this.#options.arguments ?? [])];
    const url = `http://${host}:${port}`;
    const daemons = this.#daemons;
    const daemon = (): Daemon => {
      const found = daemons.get(member);
      assert.ok(found);
      return found;
    };
    const member: Member = {
      url,
      get pid() {
        return daemon().pid;
      },
      get running() {
        return daemon().running;
      },
      get ended() {
        return daemon().ended;
      },
      kill: (signal) => daemon().kill(signal),
      start: async () => {
        daemons.set(member, startDaemon({ name, command, logFolder: this.#log, records: this.#records }));
        await until(
          'API',
          async () => {
            assert.ok(daemon().running, `${name} ended`);
            return await fetch(url).then(
              (response) => response.status < 500,
              () => false,
            );
          },
          { timeoutMs: 60_000 },
        );
      },
    };
    await member.start();
    this.all.push(member);
    return member;
  }

  /** A service on the same databases that was not started: it sees everything and changes nothing. */
  observe(): Promise<App> {
    return createApp(loadConfig({ file: this.#settings(0) }), { logger: createLogger({ level: 'silent' }) });
  }

  #settings(port: number, ways: Partial<DatabaseWays> = {}): object {
    const { databaseUrl, northbound, southbound, stopDelay = 0 } = { ...this.#options, ...ways };
    return {
      api: { host, port, stopDelay },
      database: { url: databaseUrl },
      quotas: {
        limits: {
          port: -1,
          network: -1,
          subnet: -1,
          router: -1,
          security_group: -1,
          security_group_rule: -1,
        },
      },
      ml2: { networkVlanRanges: ['physnet1:100:999'] },
      ovn: { nbConnection: northbound, sbConnection: southbound, retryMaxInterval: 500 },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const daemon of this.#daemons.values()) daemon.kill('SIGCONT');
    await Promise.all([...this.#daemons.values()].map((daemon) => daemon[Symbol.asyncDispose]()));
  }
}
