import type { App } from '@ovenbird/server';
import { SouthboundView } from './southbound.ts';
import { told } from './told.ts';
import type { World } from './world.ts';

/** Places that a gateway has: as many as there are hosts, which all carry gateways. */
const PLACES = 3;

/** What may be so for a while after a change, and not for longer: parts of the whole that disagree. */
export class Agreement implements AsyncDisposable {
  readonly #world: World;
  readonly #observer: App;
  readonly #southbound: SouthboundView;

  /** @param observer a service of its own that changes nothing */
  constructor(world: World, observer: App) {
    this.#world = world;
    this.#observer = observer;
    this.#southbound = new SouthboundView(world.southbound.endpoints);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#southbound[Symbol.asyncDispose]();
  }

  /** What disagrees now; empty when all agree. */
  async missing(): Promise<readonly string[]> {
    const ovn = this.#observer.ovn;
    if (ovn === undefined || ovn.northbound.state !== 'ready') return ['the observer is not connected'];
    if (!(await this.#southbound.known())) return ['the Southbound database is away'];
    const drift = await ovn.drift();
    const [journal] = await this.#sql('select count(*) as n from journal');
    const waiting = Number(journal?.n);
    return [
      ...drift.map((each) => `drift: ${JSON.stringify(each)}`),
      ...(waiting > 0 ? [`${waiting} rows wait in the journal`] : []),
      ...(await this.#wrongStatuses()),
      ...(await this.#wrongPlaces()),
      ...this.#southbound.disagreements(ovn.northbound.replica),
      ...(await told(this.#world)),
    ];
  }

  #sql(query: string) {
    return this.#world.postgres.query(this.#world.databaseUrl, query);
  }

  async #wrongStatuses(): Promise<readonly string[]> {
    const nb = this.#observer.ovn?.northbound.replica;
    if (nb === undefined) return [];
    const ports = await this.#sql(`select p.id, p.status, p.device_owner, b.host from ports p
      left join port_bindings b on b.port_id = p.id and b.status = 'ACTIVE'`);
    return ports.flatMap(({ id, status, device_owner, host }) => {
      const [row] = nb.Logical_Switch_Port.find('name', String(id));
      const gateway = device_owner === 'network:router_gateway';
      const carrier = gateway ? this.#southbound.gatewayHost(String(id)) : host;
      // A gateway's row is always up; what counts is that a chassis carries it.
      const up = row?.up === true && row.enabled !== false && !(gateway && carrier === '');
      if (up === (status === 'ACTIVE') && carrier === host) return [];
      return [
        `port ${id} (${device_owner}) on ${host} is ${status}; its row says up=${row?.up} on ${carrier}`,
      ];
    });
  }

  async #wrongPlaces(): Promise<readonly string[]> {
    const chassis = this.#southbound.chassis;
    const rows = await this.#sql(`select r.id, s.chassis_name, count(*) over (partition by r.id) as places
      from routers r left join gateway_schedules s on s.router_id = r.id
      where r.ha = 1 and exists (select 1 from router_ports p
        where p.router_id = r.id and p.port_type = 'network:router_gateway')`);
    return rows
      .filter((row) => Number(row.places) !== PLACES || !chassis.has(String(row.chassis_name)))
      .map((row) => `gateway of ${row.id} is on ${row.chassis_name}, one of ${row.places}`);
  }
}
