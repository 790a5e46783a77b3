import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

export const runCommand = promisify(execFile);

const START_TIMEOUT_MS = 60_000;
const POLL_MS = 10;
const CONTROL_TIMEOUT_S = 30;

/** Private key, certificate and CA of a server, as files. */
export interface ServerTls {
  readonly privateKey: string;
  readonly certificate: string;
  readonly caCertificate: string;
}

export interface ServerProcessOptions {
  /** Folder for the socket, the control socket and the log; it must exist. Its path must be short. */
  readonly dir: string;
  /** Base name of those files, unique in the folder. */
  readonly name: string;
  readonly databaseFile: string;
  /** Ways to listen besides the unix socket, on 127.0.0.1 at a free port. */
  readonly remotes: readonly ('tcp' | 'ssl')[];
  readonly tls: ServerTls | undefined;
}

async function accepts(address: { path: string } | { host: string; port: number }): Promise<boolean> {
  const socket = connect(address);
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

function listeningPorts(log: string): readonly number[] {
  return Array.from(log.matchAll(/listening on port (\d+)/g), ([, port]) => Number(port));
}

/** One real `ovsdb-server`, which can be killed and started again on the same file and ports. */
export class OvsdbServerProcess implements AsyncDisposable {
  readonly #options: ServerProcessOptions;
  readonly #ports = new Map<'tcp' | 'ssl', number>();
  #child: ChildProcess | undefined;

  constructor(options: ServerProcessOptions) {
    this.#options = options;
  }

  /** The unix endpoint, as clients write it. */
  get endpoint(): string {
    return `unix:${this.#path('sock')}`;
  }

  /** The `tcp` or `ssl` endpoint. Throws when the server was not asked to listen there. */
  endpointOf(kind: 'tcp' | 'ssl'): string {
    const port = this.#ports.get(kind);
    if (port === undefined) throw new Error(`the server does not listen on ${kind}`);
    return `${kind}:127.0.0.1:${port}`;
  }

  get running(): boolean {
    return this.#child !== undefined;
  }

  get pid(): number {
    const pid = this.#child?.pid;
    if (pid === undefined) throw new Error('the server is not running');
    return pid;
  }

  /** Start, and wait until it accepts connections. Throws with its log when it does not. */
  async start(): Promise<void> {
    if (this.#child !== undefined) throw new Error('the server is running');
    // The kernel ends the server when this process ends, however it ends.
    const command = ['--pdeathsig', 'KILL', 'ovsdb-server', ...this.#arguments()];
    const child = spawn('setpriv', command, { stdio: 'ignore' });
    this.#child = child;
    const forget = (): void => {
      if (this.#child === child) this.#child = undefined;
    };
    child.once('error', forget);
    child.once('exit', forget);
    const deadline = performance.now() + START_TIMEOUT_MS;
    while (!(await accepts({ path: this.#path('sock') })) || !existsSync(this.#path('ctl'))) {
      if (this.#child !== child || performance.now() > deadline) {
        throw new Error(`ovsdb-server did not start:\n${await this.log()}`);
      }
      await sleep(POLL_MS);
    }
    for (const kind of this.#options.remotes) await this.#listen(kind);
  }

  /** SIGKILL, as a crash; waits until it is gone. */
  kill(): Promise<void> {
    return this.#end('SIGKILL');
  }

  /** SIGTERM; waits until it is gone. */
  stop(): Promise<void> {
    return this.#end('SIGTERM');
  }

  /** SIGKILL and start again on the same file and ports. */
  async restart(): Promise<void> {
    await this.kill();
    await this.start();
  }

  /** SIGSTOP: connections stay, nothing answers. */
  pause(): void {
    process.kill(this.pid, 'SIGSTOP');
  }

  /** SIGCONT. */
  resume(): void {
    process.kill(this.pid, 'SIGCONT');
  }

  /** Run a command of ovs-appctl(8) on the server. Out: what it printed. Throws when it is refused or not answered. */
  async control(...command: readonly string[]): Promise<string> {
    const limit = `--timeout=${CONTROL_TIMEOUT_S}`;
    const { stdout } = await runCommand('ovs-appctl', [limit, '-t', this.#path('ctl'), ...command]);
    return stdout;
  }

  log(): Promise<string> {
    return readFile(this.#path('log'), 'utf8').catch(() => '(no log)');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
  }

  #path(extension: string): string {
    return join(this.#options.dir, `${this.#options.name}.${extension}`);
  }

  #arguments(): string[] {
    const { databaseFile, tls } = this.#options;
    const tlsFiles =
      tls === undefined
        ? []
        : [
            `--private-key=${tls.privateKey}`,
            `--certificate=${tls.certificate}`,
            `--ca-cert=${tls.caCertificate}`,
          ];
    return [
      '--no-chdir',
      '-vconsole:off',
      '-vfile:info',
      `--log-file=${this.#path('log')}`,
      `--unixctl=${this.#path('ctl')}`,
      `--remote=punix:${this.#path('sock')}`,
      ...tlsFiles,
      databaseFile,
    ];
  }

  /** Listen on a port: the same as before, at first one that the system chooses and only the log tells. */
  async #listen(kind: 'tcp' | 'ssl'): Promise<void> {
    const known = this.#ports.get(kind);
    const before = listeningPorts(await this.log()).length;
    await this.control('ovsdb-server/add-remote', `p${kind}:${known ?? 0}:127.0.0.1`);
    const deadline = performance.now() + START_TIMEOUT_MS;
    while (performance.now() < deadline) {
      const port = known ?? listeningPorts(await this.log())[before];
      if (port !== undefined && (await accepts({ host: '127.0.0.1', port }))) {
        this.#ports.set(kind, port);
        return;
      }
      await sleep(POLL_MS);
    }
    throw new Error(`ovsdb-server does not listen on ${kind}:
${await this.log()}`);
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    const gone = once(child, 'exit');
    // A stopped process acts on SIGTERM only after it continues.
    child.kill('SIGCONT');
    child.kill(signal);
    await gone;
  }
}
