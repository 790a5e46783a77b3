import { mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { homedir } from 'node:os';
import path from 'node:path';
import { labVersions, type Stack, secret, startLab, startServices, writeClouds } from '@ovenbird/server';
import { Command, InvalidArgumentError } from 'commander';

import { becomeRoot } from '../as-root.ts';
import { runDemo } from '../lab/demo.ts';
import { createSteps, type Steps } from '../lab/steps.ts';
import { aborted, untilTold } from '../stop-signal.ts';

interface LabCommandOptions {
  readonly state: string;
  readonly apiPort: number;
  readonly identityPort: number;
  readonly chassis: number;
  readonly demo: boolean;
}

const host = '127.0.0.1';

/** `ovenbird lab`: a private OVN, the API and the lab identity service, with a demonstration. */
export const labCommand = (): Command =>
  new Command('lab')
    .description(
      'Run everything on this machine: a private OVN, the identity service, the API, and a demonstration',
    )
    .option('--state <dir>', 'where everything is kept; a later start on it resumes', defaultState())
    .option('--api-port <port>', 'TCP port of the API', portNumber, 9696)
    .option('--identity-port <port>', 'TCP port of the identity service', portNumber, 5000)
    .option('--chassis <count>', 'number of simulated hosts', hostCount, 1)
    .option('--no-demo', 'leave the demonstration out')
    .action((options: LabCommandOptions) => {
      // Made here, so that the folder is the user's even when root goes on.
      mkdirSync(options.state, { recursive: true, mode: 0o700 });
      becomeRoot(['--state', options.state]);
      return untilTold((signal) => runLab(options, signal));
    });

async function runLab(options: LabCommandOptions, signal: AbortSignal): Promise<void> {
  const steps = createSteps((line) => console.log(line));
  await requireFree(options.apiPort, '--api-port');
  await requireFree(options.identityPort, '--identity-port');
  await using running = new AsyncDisposableStack();
  const versions = await labVersions();
  const hosts = options.chassis === 1 ? 'one host' : `${options.chassis} hosts`;
  const lab = running.use(
    await steps.step(`private OVN with ${hosts} (${versions.join(', ')})`, () =>
      startLab({ stateDir: options.state, chassis: options.chassis }),
    ),
  );
  signal.throwIfAborted();
  const { apiPort, identityPort } = options;
  const stack = running.use(
    await steps.step('identity service and API', () => startServices(lab, { host, apiPort, identityPort })),
  );
  signal.throwIfAborted();
  const demoUser = {
    user: 'demo',
    password: secret(path.join(lab.layout.data, 'demo-password')),
    project: 'demo',
    roles: ['member'],
  };
  const member = await stack.login(demoUser);
  const clouds = writeClouds(lab.layout.state, stack.identityUrl, [
    { cloud: 'ovenbird-demo', ...demoUser },
    { cloud: 'ovenbird-admin', user: 'admin', password: stack.adminPassword, project: 'admin' },
  ]);
  if (options.demo) await runDemo({ steps, member, admin: await stack.admin(), hosts: lab.hosts, signal });
  signal.throwIfAborted();
  explain(steps, stack, clouds);
  await aborted(signal);
  steps.line('stopping');
}

function explain(steps: Steps, stack: Stack, clouds: string): void {
  steps.line(`
Use it (clouds.yaml: ${clouds}):
  export OS_CLIENT_CONFIG_FILE=${clouds}
  openstack --os-cloud ovenbird-demo network list
  openstack --os-cloud ovenbird-demo port list --long
  openstack --os-cloud ovenbird-admin network agent list
Logs: ${stack.lab.layout.log} · stop with Ctrl-C
`);
  steps.line(`ready: networking API ${stack.apiUrl}, identity ${stack.identityUrl} (${steps.elapsed()})`);
}

function defaultState(): string {
  const base = process.env.XDG_STATE_HOME || path.join(homedir(), '.local', 'state');
  return path.join(base, 'ovenbird', 'lab');
}

function portNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 65_535) {
    throw new InvalidArgumentError('a TCP port is a number from 1 to 65535');
  }
  return value;
}

function hostCount(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 50) throw new InvalidArgumentError('1 to 50 hosts');
  return value;
}

/** Throws an Error that says what to do when somebody listens on the port already. */
async function requireFree(port: number, option: string): Promise<void> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) =>
      reject(new Error(`port ${port} on ${host} is in use; choose another with ${option}`, { cause })),
    );
    server.listen({ port, host, exclusive: true }, resolve);
  });
  await new Promise((resolve) => server.close(resolve));
}
