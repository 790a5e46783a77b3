import { existsSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { failed, logging } from './central.ts';
import { runCommand, until } from './command.ts';
import { Controller } from './controller.ts';
import { type Daemon, startDaemon } from './daemon.ts';
import type { Fabric } from './fabric.ts';
import { createGuest, type Guest, type GuestOptions } from './guest.ts';
import type { LabLayout } from './layout.ts';
import type { LabNames } from './names.ts';
import { addNamespace, ipBatch, removeNamespace } from './namespaces.ts';
import type { ProcessRecords } from './process-record.ts';

/** A simulated host: a namespace with Open vSwitch's userspace datapath and ovn-controller of its own. */
export interface LabHost extends AsyncDisposable {
  /** Host name and chassis name. */
  readonly name: string;
  readonly namespace: string;
  /** `unix:PATH` of its Open_vSwitch database. */
  readonly openVswitch: string;
  /** Plug a guest into a port of the Networking API: an interface with `external_ids:iface-id` on br-int. */
  plug(options: GuestOptions): Promise<Guest>;
  vsctl(...args: readonly string[]): Promise<string>;
  /** Kill its ovn-controller (SIGKILL) and start another. One that ends by itself is started again as well. */
  restartController(): Promise<void>;
  /** How often its ovn-controller ended by itself. */
  readonly crashes: number;
  /** End all that runs on it at once, as a power failure does; guests lose their switch. It does not come back. */
  fail(): Promise<void>;
}

export interface HostOptions {
  /** From 1. */
  readonly number: number;
  readonly layout: LabLayout;
  readonly names: LabNames;
  readonly records: ProcessRecords;
  readonly fabric: Fabric;
  readonly southbound: string;
}

const openVswitchSchema = '/usr/share/openvswitch/vswitch.ovsschema';

/** Tunnel address of a host, on the fabric's network. */
function tunnelAddress(number: number): string {
  return `172.31.${Math.floor(number / 250)}.${(number % 250) + 1}`;
}

/**
 * Start one host. Its Open_vSwitch database begins empty: what was plugged in an earlier run is gone, as are the
 * interfaces themselves.
 */
export async function startHost(options: HostOptions): Promise<LabHost> {
  const { layout, names, records, fabric } = options;
  const name = `host${options.number}`;
  const namespace = names.host(options.number);
  const run = path.join(layout.run, name);
  rmSync(run, { recursive: true, force: true });
  mkdirSync(run, { recursive: true });
  const env = { OVS_RUNDIR: run, OVN_RUNDIR: run, OVS_DBDIR: run, OVS_SYSCONFDIR: run };
  const socket = path.join(run, 'db.sock');
  const openVswitch = `unix:${socket}`;
  const daemons: Daemon[] = [];
  const start = (part: string, command: readonly string[]): Daemon => {
    const full = `${name}-${part}`;
    const withLog = [...command, ...logging(layout, full)];
    return startDaemon({
      name: full,
      namespace,
      env,
      records,
      logFolder: layout.log,
      command: withLog,
    });
  };
  const daemon = (part: string, command: readonly string[]): Daemon => {
    const started = start(part, command);
    daemons.push(started);
    return started;
  };
  const vsctl = (...args: readonly string[]): Promise<string> =>
    runCommand(['ovs-vsctl', `--db=${openVswitch}`, '--timeout=20', ...args], { env });

  await using started = new AsyncDisposableStack();
  await addNamespace(namespace);
  started.defer(() => removeNamespace(namespace));
  await fabric.connect('tunnel', options.number, namespace, 'tunnel-up');
  await fabric.connect('public', options.number, namespace, 'public-up');
  const file = path.join(run, 'conf.db');
  await runCommand(['ovsdb-tool', 'create', file, openVswitchSchema]);
  const control = (part: string): string => `--unixctl=${path.join(run, `${part}.ctl`)}`;
  const conf = daemon('conf', ['ovsdb-server', `--remote=punix:${socket}`, control('conf'), file]);
  started.use(conf);
  await until(`database of ${name}`, () => existsSync(socket) || failed(conf, layout), { everyMs: 5 });
  await vsctl('--no-wait', 'init', '--', ...configuration(options, name));
  started.use(daemon('vswitchd', ['ovs-vswitchd', '--disable-system', control('vswitchd'), openVswitch]));
  await vsctl('set', 'open', '.', 'external-ids:ovenbird-lab=started'); // without --no-wait: until vswitchd has its bridges
  await ipBatch(namespace, [
    `address add ${tunnelAddress(options.number)}/16 dev br-tunnel`,
    'link set br-tunnel up',
  ]);
  const controller = started.use(new Controller(() => start('controller', ['ovn-controller', openVswitch])));
  const host = {
    name,
    namespace,
    vsctl,
    get running() {
      return controller.running && daemons.every((one) => one.running);
    },
  };
  const running = started.move();
  return {
    name,
    namespace,
    openVswitch,
    vsctl,
    plug: (guest) => createGuest({ ...guest, host, layout, names }),
    restartController: () => controller.restart(),
    get crashes() {
      return controller.crashes;
    },
    async fail() {
      for (const one of daemons) one.kill('SIGKILL');
      await Promise.all([controller.fail(), ...daemons.map((one) => one.ended)]);
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

/** Arguments of ovs-vsctl for an empty database: who this chassis is, and its bridges. */
function configuration(options: HostOptions, name: string): readonly string[] {
  const ids = {
    'system-id': name,
    hostname: name,
    'ovn-remote': options.southbound,
    'ovn-encap-type': 'geneve',
    'ovn-encap-ip': tunnelAddress(options.number),
    'ovn-bridge-datapath-type': 'netdev',
    'ovn-bridge-mappings': 'public:br-ex',
    'ovn-cms-options': 'enable-chassis-as-gw,availability-zones=nova',
    'ovn-monitor-all': 'true',
  };
  const bridge = (bridgeName: string, failMode: string, uplink?: string): readonly string[] => [
    ...['--', 'add-br', bridgeName],
    ...['--', 'set', 'bridge', bridgeName, 'datapath_type=netdev', `fail-mode=${failMode}`],
    ...(uplink ? ['--', 'add-port', bridgeName, uplink] : []),
  ];
  return [
    ...['set', 'open', '.', ...Object.entries(ids).map(([key, value]) => `external-ids:${key}="${value}"`)],
    ...bridge('br-int', 'secure'),
    ...bridge('br-tunnel', 'standalone', 'tunnel-up'),
    ...bridge('br-ex', 'standalone', 'public-up'),
  ];
}
