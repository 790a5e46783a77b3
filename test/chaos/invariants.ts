import { setTimeout as sleep } from 'node:timers/promises';
import { type SouthboundTables, southboundSchema } from '@ovenbird/ovn-db';
import { createOvsdbClient } from '@ovenbird/ovsdb';
import type { App } from '@ovenbird/server';
import type { Northbound } from '../../packages/server/src/drivers/mech/ovn/databases.ts';
import type { Ledger } from './ledger.ts';
import type { World } from './world.ts';

/** How long everything may take to agree when nothing is broken any more. Milliseconds. */
const CONVERGENCE_LIMIT_MS = 60_000;
const LOOK_EVERY_MS = 250;

/** What must hold at any time; each finds rows that break it. */
const forbidden: { readonly [rule: string]: string } = {
  'an address is used once': `select subnet_id, ip_address, count(*) from ip_allocations
    group by subnet_id, ip_address having count(*) > 1`,
  'an allocated address has a port': `select a.port_id, a.ip_address from ip_allocations a
    left join ports p on p.id = a.port_id where p.id is null`,
  'a segment has its allocation': `select s.id from network_segments s where s.segmentation_id is not null
    and s.network_type in ('vlan', 'vxlan', 'geneve', 'gre') and not exists (
      select 1 from segment_allocations a where a.network_type = s.network_type
      and a.segmentation_id = s.segmentation_id)`,
  'an allocation has its segment': `select a.network_type, a.segmentation_id from segment_allocations a
    where a.network_type in ('vlan', 'vxlan', 'geneve', 'gre') and not exists (
      select 1 from network_segments s where s.network_type = a.network_type
      and s.segmentation_id = a.segmentation_id)`,
  'a floating IP has its port': `select f.id from floating_ips f
    left join ports p on p.id = f.floating_port_id where p.id is null`,
  'a router port has its port': `select r.port_id from router_ports r
    left join ports p on p.id = r.port_id where p.id is null`,
};

/** A client that sees all port bindings. */
const watchBindings = (endpoints: readonly string[]) =>
  createOvsdbClient<SouthboundTables>({
    database: 'OVN_Southbound',
    schema: southboundSchema(),
    monitor: { Port_Binding: ['logical_port'] },
    endpoints,
  });

/** Observes a world through a service of its own that changes nothing. */
export class Invariants implements AsyncDisposable {
  readonly #world: World;
  readonly #observer: App;
  readonly #ledger: Ledger;
  readonly #southbound: ReturnType<typeof watchBindings>;

  constructor(world: World, observer: App, ledger: Ledger) {
    this.#world = world;
    this.#observer = observer;
    this.#ledger = ledger;
    this.#southbound = watchBindings(world.southbound.endpoints);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#southbound[Symbol.asyncDispose]();
  }

  /**
   * Wait until OVN, statuses and journal agree with SQL, then look at everything. Out: milliseconds that it took, and
   * what is broken. Throws when `signal` aborts.
   */
  async check(
    signal: AbortSignal,
  ): Promise<{ readonly convergedMs: number; readonly broken: readonly string[] }> {
    const started = performance.now();
    let open = await this.#disagreements();
    while (open.length > 0 && performance.now() - started < CONVERGENCE_LIMIT_MS) {
      await sleep(LOOK_EVERY_MS, undefined, { signal });
      open = await this.#disagreements();
    }
    const convergedMs = performance.now() - started;
    const promises = await this.#ledger.broken(async (table) => {
      const rows = await this.#sql(`select id, revision_number from ${table}`);
      return new Map(rows.map((row) => [String(row.id), Number(row.revision_number)]));
    });
    const dead = this.#world.members.all.filter((member) => !member.running);
    const broken = [
      ...open,
      ...promises,
      ...this.#ledger.faults,
      ...dead.map((member) => `${member.url} ended by itself`),
    ];
    for (const [rule, query] of Object.entries(forbidden))
      for (const row of await this.#sql(query)) broken.push(`${rule}: ${JSON.stringify(row)}`);
    return { convergedMs, broken };
  }

  #sql(query: string) {
    return this.#world.postgres.query(this.#world.databaseUrl, query);
  }

  /** What may be so for a while after a change. */
  async #disagreements(): Promise<readonly string[]> {
    const ovn = this.#observer.ovn;
    if (ovn === undefined || ovn.northbound.state !== 'ready') return ['the observer is not connected'];
    const drift = await ovn.drift();
    const [journal] = await this.#sql('select count(*) as n from journal');
    const waiting = Number(journal?.n);
    return [
      ...drift.map((each) => `drift: ${JSON.stringify(each)}`),
      ...(waiting > 0 ? [`${waiting} rows wait in the journal`] : []),
      ...(await this.#wrongStatuses()),
      ...(await this.#behind(ovn.northbound.replica)),
    ];
  }

  /** Ports that the Southbound database still lacks, and those it still has. */
  async #behind(nb: Northbound): Promise<readonly string[]> {
    await this.#southbound.ready(AbortSignal.timeout(LOOK_EVERY_MS)).catch(() => {});
    if (this.#southbound.state !== 'ready') return ['the Southbound database is away'];
    const bound = new Set([...this.#southbound.replica.Port_Binding.rows()].map((row) => row.logical_port));
    const ports = [...nb.Logical_Switch_Port.rows()].map((row) => row.name);
    const routers = [...nb.Logical_Router_Port.rows()].map((row) => row.name);
    const known = new Set([...ports, ...routers].flatMap((name) => [name, `cr-${name}`]));
    return [
      ...ports.filter((name) => !bound.has(name)).map((name) => `port ${name} is not in Southbound`),
      ...[...bound].filter((name) => !known.has(name)).map((name) => `${name} is still in Southbound`),
    ];
  }

  async #wrongStatuses(): Promise<readonly string[]> {
    const nb = this.#observer.ovn?.northbound.replica;
    if (nb === undefined) return [];
    const ports = await this.#sql(`select p.id, p.status, p.device_owner, b.host from ports p
      left join port_bindings b on b.port_id = p.id and b.status = 'ACTIVE'`);
    return ports.flatMap(({ id, status, device_owner, host }) => {
      const [row] = nb.Logical_Switch_Port.find('name', String(id));
      // A gateway's row is always up; what counts is that a chassis carries it.
      const carried = device_owner !== 'network:router_gateway' || host !== '';
      const up = row?.up === true && row.enabled !== false && carried;
      if (up === (status === 'ACTIVE')) return [];
      return [`port ${id} (${device_owner}) on ${host} is ${status}; its row says up=${row?.up}`];
    });
  }
}
