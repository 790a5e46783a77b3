import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Steps } from '../packages/cli/src/lab/steps.ts';
import { until } from '../packages/server/src/lab/command.ts';
import { endRecorded, startDaemon } from '../packages/server/src/lab/daemon.ts';
import { type Lab, startLab } from '../packages/server/src/lab/lab.ts';
import { ProcessRecords, stillRuns } from '../packages/server/src/lab/process-record.ts';
import { freePort, labSettings, secret } from '../packages/server/src/lab/stack.ts';
import { type Cloud, fillKeystone, fillNetworking } from './cloud.ts';
import { answers, startKeystone } from './keystone.ts';

/** Keystone, OVN and Ovenbird at work. Disposing stops all of it. */
export interface CloudStack extends AsyncDisposable {
  readonly identityUrl: string;
  readonly networkUrl: string;
  /** Of every user. */
  readonly password: string;
  readonly physicalNetwork: string;
  readonly logFolder: string;
  readonly cloud: Cloud;
}

const host = '127.0.0.1';
const physicalNetwork = 'public';
const command = fileURLToPath(import.meta.resolve('../packages/cli/src/main.ts'));

/** Limits that the suites reach, as the reference's own continuous integration sets them. */
const quotas = { router: 100, floatingip: 500, security_group: 150, security_group_rule: 1000 };

interface Folders {
  readonly log: string;
  readonly lab: string;
  readonly records: ProcessRecords;
}

/** Take the state folder for this process, end what a killed run left, and forget its databases. */
const claim = async (state: string, running: AsyncDisposableStack): Promise<Folders> => {
  const folder = (name: string): string => path.join(state, name);
  mkdirSync(state, { recursive: true, mode: 0o700 });
  const records = new ProcessRecords(folder('processes'));
  const earlier = records.all();
  const owner = earlier.find(({ name }) => name === 'conformance');
  if (owner !== undefined && stillRuns(owner))
    throw new Error(`another run uses ${state} (process ${owner.pid})`);
  records.add('conformance', process.pid, process.execPath);
  running.defer(() => records.remove('conformance'));
  for (const record of earlier) {
    if (record.name === 'conformance') continue;
    await endRecorded(record);
    records.remove(record.name);
  }
  for (const old of ['log', 'lab/data']) rmSync(folder(old), { recursive: true, force: true });
  mkdirSync(folder('log'));
  return { log: folder('log'), lab: folder('lab'), records };
};

interface ServiceOptions extends Folders {
  readonly ovn: Lab;
  readonly port: number;
  readonly identityUrl: string;
  readonly password: string;
}

const startService = async (options: ServiceOptions, running: AsyncDisposableStack): Promise<void> => {
  const { ovn, port, identityUrl, password } = options;
  const database = `sqlite:${path.join(ovn.layout.data, 'ovenbird.db')}`;
  const settings = labSettings(ovn, { host, port, database, identity: { path: '', url: identityUrl } });
  const file = path.join(ovn.layout.data, 'ovenbird.json');
  const config = {
    ...settings,
    identity: { driver: 'keystone', url: identityUrl, password },
    ovn: { ...settings.ovn, metadataEnabled: true },
    ml2: { ...settings.ml2, networkVlanRanges: [`${physicalNetwork}:100:200`], vxlanVniRanges: ['1:2000'] },
    network: { dnsDomain: 'example.org.' },
    quotas: { limits: quotas },
  };
  writeFileSync(file, JSON.stringify(config, undefined, 2), { mode: 0o600 });
  const daemon = startDaemon({
    name: 'ovenbird',
    command: [process.execPath, command, 'serve', '--config', file],
    logFolder: options.log,
    records: options.records,
    graceMs: 15_000,
  });
  running.use(daemon);
  await until('the API', () => answers(`http://${host}:${port}/`, daemon), { timeoutMs: 60_000 });
};

/** Start everything on loopback, with databases of its own below `state`. Must run as root. */
export const startCloud = async (state: string, steps: Steps): Promise<CloudStack> => {
  await using started = new AsyncDisposableStack();
  const folders = await claim(state, started);
  const password = secret(path.join(state, 'password'));
  const common = { logFolder: folders.log, records: folders.records };
  const keystone = started.use(
    await steps.step('Keystone', async () =>
      startKeystone({
        ...common,
        folder: path.join(state, 'keystone'),
        host,
        port: await freePort(host),
        password,
      }),
    ),
  );
  const ovn = started.use(await steps.step('private OVN', () => startLab({ stateDir: folders.lab })));
  const port = await freePort(host);
  const identityUrl = keystone.url;
  const networkUrl = `http://${host}:${port}`;
  const access = { identityUrl, networkUrl, password };
  const cloud = await steps.step('Ovenbird', async () => {
    await fillKeystone(access);
    await startService({ ...folders, ovn, port, identityUrl, password }, started);
    return await fillNetworking(access, physicalNetwork);
  });
  const running = started.move();
  return {
    ...access,
    physicalNetwork,
    logFolder: folders.log,
    cloud,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
};
