import { rmSync } from 'node:fs';
import { type Central, startCentral } from './central.ts';
import { type LabHost, startHost } from './chassis.ts';
import { runCommand, until } from './command.ts';
import { endRecorded } from './daemon.ts';
import { createFabric } from './fabric.ts';
import { type LabLayout, layOut } from './layout.ts';
import { createLabNames, type LabNames } from './names.ts';
import { namespaces, removeNamespace } from './namespaces.ts';
import { createOutside, type Outside } from './outside.ts';
import { ProcessRecords, stillRuns } from './process-record.ts';

/** A private OVN with simulated hosts. Disposing stops every process and removes every interface that it made. */
export interface Lab extends AsyncDisposable {
  readonly layout: LabLayout;
  readonly names: LabNames;
  readonly central: Central;
  readonly hosts: readonly LabHost[];
  readonly outside: Outside;
}

export interface LabOptions {
  /** Folder of everything that the lab keeps; databases in it are used again. */
  readonly stateDir: string;
  /** Number of simulated hosts, 1 to 50. Default 1. */
  readonly chassis?: number;
}

/** Another process runs a lab on the same state directory. */
export class LabInUse extends Error {
  override readonly name = 'LabInUse';
}

const owner = 'lab';

/**
 * Start a lab. What an earlier run left on this state directory (after kill -9) is ended and removed first.
 * Must run as root: it makes network namespaces. Throws {@link LabInUse}, or an Error that says what is missing.
 */
export async function startLab(options: LabOptions): Promise<Lab> {
  const count = options.chassis ?? 1;
  if (!Number.isInteger(count) || count < 1 || count > 50) throw new RangeError('chassis must be 1 to 50');
  if (process.getuid?.() !== 0) throw new Error('the lab makes network namespaces and must run as root');
  const layout = layOut(options.stateDir);
  const names = createLabNames(layout.state);
  const records = new ProcessRecords(layout.processes);
  await claim(layout, names, records);

  await using started = new AsyncDisposableStack();
  started.defer(() => records.remove(owner));
  // Also what a step that failed half-way, and guests, left: everything else is gone by then.
  started.defer(() => removeAll(names));
  const fabric = started.use(await createFabric(names));
  const outside = started.use(await createOutside(names, fabric));
  const central = started.use(await startCentral(layout, records));
  const numbers = Array.from({ length: count }, (_, index) => index + 1);
  const outcomes = await Promise.allSettled(
    numbers.map((number) =>
      startHost({ number, layout, names, records, fabric, southbound: central.southbound }),
    ),
  );
  const hosts = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  started.defer(async () => {
    await Promise.all(hosts.map((host) => host[Symbol.asyncDispose]()));
  });
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  await waitForChassis(central, hosts);
  const running = started.move();
  return { layout, names, central, hosts, outside, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

/** Make this process the owner of the state directory, and clean up after an earlier one that was killed. */
async function claim(layout: LabLayout, names: LabNames, records: ProcessRecords): Promise<void> {
  const earlier = records.all();
  const other = earlier.find((record) => record.name === owner);
  if (other && stillRuns(other)) {
    throw new LabInUse(`a lab already runs on ${layout.state} (process ${other.pid})`);
  }
  records.add(owner, process.pid, process.execPath);
  for (const record of earlier) {
    if (record.name === owner) continue;
    await endRecorded(record);
    records.remove(record.name);
  }
  await removeAll(names);
  rmSync(layout.run, { recursive: true, force: true });
  layOut(layout.state);
}

async function removeAll(names: LabNames): Promise<void> {
  await Promise.all(namespaces(names.prefix).map(removeNamespace));
}

/** Wait until every host is in the Southbound database, and remove hosts of earlier, larger labs from it. */
async function waitForChassis(central: Central, hosts: readonly LabHost[]): Promise<void> {
  const names = hosts.map((host) => host.name);
  const listed = async (): Promise<readonly string[]> =>
    (await central.sbctl('--bare', '--columns=name', 'list', 'chassis')).split('\n').filter(Boolean);
  await until('registration of the hosts', async () => {
    const present = await listed();
    return names.every((name) => present.includes(name));
  });
  for (const name of await listed()) {
    if (!names.includes(name)) await central.sbctl('--if-exists', 'chassis-del', name);
  }
  await central.sync();
}

/** Versions of the programs that a lab runs, for people: `ovn-northd 23.03.1`, `ovs-vswitchd 3.1.0`. */
export async function labVersions(): Promise<readonly string[]> {
  const first = async (program: string): Promise<string> =>
    (await runCommand([program, '--version'])).split('\n')[0]?.replace(/ \([^)]*\)/, '') ?? program;
  return await Promise.all(['ovn-northd', 'ovs-vswitchd'].map(first));
}
