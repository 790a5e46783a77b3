import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { northbound, schemaFile, southbound } from '@ovenbird/ovn-db';
import { startOvsdbCluster, type TestCluster } from '@ovenbird/ovsdb/testing';
import { type Daemon, type LabHost, ProcessRecords, startDaemon } from '@ovenbird/server';
import { startPostgres, type TestPostgres } from '@ovenbird/server/testing';
import { startHost } from '../../packages/server/src/lab/chassis.ts';
import { createFabric } from '../../packages/server/src/lab/fabric.ts';
import { type LabLayout, layOut } from '../../packages/server/src/lab/layout.ts';
import { createLabNames, type LabNames } from '../../packages/server/src/lab/names.ts';
import { Members } from '../processes/members.ts';
import { layWires, type MemberWires } from './wires.ts';

/** Servers of each of the two OVN databases, services, and hosts. */
const SIZE = 3;

/** Everything that can break: two clusters of three, PostgreSQL, northd, three services, three hosts. */
export interface World extends AsyncDisposable {
  readonly northbound: TestCluster;
  readonly southbound: TestCluster;
  readonly postgres: TestPostgres;
  readonly databaseUrl: string;
  readonly members: Members;
  /** The wires of each member, in the order of members. */
  readonly wires: readonly MemberWires[];
  readonly hosts: readonly LabHost[];
  /** Kill ovn-northd (SIGKILL) and start another. */
  restartNorthd(): Promise<void>;
  /** Where it keeps its files. */
  readonly folder: string;
  /** Folder of all logs. */
  readonly log: string;
  /** What the names of all its network namespaces begin with. */
  readonly prefix: string;
}

/** ovn-northd between the clusters, in a form that can be started again. */
function northdStarter(layout: LabLayout, records: ProcessRecords, nb: TestCluster, sb: TestCluster) {
  return (): Daemon =>
    startDaemon({
      name: 'northd',
      records,
      logFolder: layout.log,
      env: { OVN_RUNDIR: layout.run, OVS_RUNDIR: layout.run },
      command: [
        'ovn-northd',
        `--ovnnb-db=${nb.endpoints.join(',')}`,
        `--ovnsb-db=${sb.endpoints.join(',')}`,
        `--unixctl=${path.join(layout.run, 'northd.ctl')}`,
        `--log-file=${path.join(layout.log, 'northd.log')}`,
        '-vconsole:off',
        '-vsyslog:off',
      ],
    });
}

async function startHosts(
  layout: LabLayout,
  names: LabNames,
  records: ProcessRecords,
  southboundEndpoints: readonly string[],
  stack: AsyncDisposableStack,
): Promise<readonly LabHost[]> {
  const fabric = stack.use(await createFabric(names));
  const hosts: LabHost[] = [];
  for (let number = 1; number <= SIZE; number += 1) {
    const remote = southboundEndpoints.join(',');
    const host = stack.use(await startHost({ number, layout, names, records, fabric, southbound: remote }));
    // The physical network of the random provider networks.
    const mappings = 'external-ids:ovn-bridge-mappings="public:br-ex,physnet1:br-ex"';
    await host.vsctl('--no-wait', 'set', 'open', '.', mappings);
    hosts.push(host);
  }
  return hosts;
}

/** Start it all. Must run as root. Disposing stops every process and removes every namespace and file. */
export async function startWorld(): Promise<World> {
  await using stack = new AsyncDisposableStack();
  const folder = mkdtempSync(path.join(tmpdir(), 'ovb-chaos-'));
  stack.defer(() => rmSync(folder, { recursive: true, force: true }));
  const layout = layOut(folder);
  const names = createLabNames(layout.state);
  const records = new ProcessRecords(layout.processes);
  const postgres = stack.use(await startPostgres());
  const nb = stack.use(await startOvsdbCluster({ schemaFile: schemaFile(northbound), size: SIZE }));
  const sb = stack.use(await startOvsdbCluster({ schemaFile: schemaFile(southbound), size: SIZE }));
  const startNorthd = northdStarter(layout, records, nb, sb);
  let northd = startNorthd();
  stack.defer(() => northd[Symbol.asyncDispose]());
  const hosts = await startHosts(layout, names, records, sb.endpoints, stack);
  const databaseUrl = await postgres.createDatabase();
  const endpoints = { northbound: nb.endpoints, southbound: sb.endpoints };
  const members = stack.use(new Members({ folder, databaseUrl, ...endpoints }));
  const wires: MemberWires[] = [];
  for (let count = 0; count < SIZE; count += 1) {
    const own = stack.use(await layWires({ postgres, databaseUrl, northbound: nb, southbound: sb }));
    await members.grow(own.ways);
    wires.push(own);
  }
  const owned = stack.move();
  return {
    northbound: nb,
    southbound: sb,
    postgres,
    databaseUrl,
    members,
    wires,
    hosts,
    async restartNorthd() {
      northd.kill('SIGKILL');
      await northd.ended;
      northd = startNorthd();
    },
    folder,
    log: layout.log,
    prefix: names.prefix,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
