import type { EventMap } from '../core/events.ts';
import type { Database, Transaction } from '../db/database.ts';
import { eachOf } from '../db/query/each-of.ts';
import { ACTIVE } from '../db/query/literals.ts';
import type { Flag } from '../db/tables.ts';
import { VIF_UNBOUND } from './binding-state.ts';
import type { PortStatusReport } from './contract.ts';
import type { PortEvents, PortStatusNews } from './port-events.ts';

/** Ports in one transaction. */
const BATCH = 1000;

export interface PortStatus {
  /**
   * Make SQL say what the drivers see now. Level-triggered: reports may be repeated, late or about ports that are gone;
   * only what differs is written, outside of the port's revision. A new status, and the arrival of a port that is up, is
   * told as event `port.status` after the commit.
   */
  report(reports: readonly PortStatusReport[]): Promise<void>;
}

export interface PortStatusOptions {
  readonly database: Database;
  readonly events: Pick<EventMap<PortEvents>, 'emit'>;
  /** Keeps what follows from the news, in the same transaction. */
  readonly record?: (tx: Transaction, news: readonly PortStatusNews[]) => Promise<void>;
}

/** A port carries traffic when the driver says so and its owner lets it. */
const statusOf = (up: boolean, adminStateUp: Flag): string => (up && adminStateUp === 1 ? 'ACTIVE' : 'DOWN');

const unboundPorts = ({ query }: Transaction) =>
  query
    .selectFrom('port_bindings')
    .select('port_id')
    .where('status', '=', ACTIVE)
    .where('vif_type', '=', VIF_UNBOUND);

/** A trunk is ACTIVE once its parent carries traffic, and DOWN when that ends and the parent is bound to nothing. */
const storeTrunks = async (
  tx: Transaction,
  status: string,
  parents: readonly PortStatusNews[],
): Promise<void> => {
  const trunks = tx.query
    .updateTable('trunks')
    .set({ status })
    .where('port_id', 'in', eachOf(parents.map((one) => one.portId)));
  if (status === 'ACTIVE') await trunks.execute();
  else await trunks.where('port_id', 'in', unboundPorts(tx)).execute();
};

/** Where drivers placed ports themselves. */
const storeHosts = async (tx: Transaction, reports: Iterable<PortStatusReport>): Promise<void> => {
  const placed = [...reports].flatMap(({ portId, host }) => (host === undefined ? [] : [{ portId, host }]));
  for (const [host, ports] of Map.groupBy(placed, (one) => one.host))
    await tx.query
      .updateTable('port_bindings')
      .set({ host })
      .where('port_id', 'in', eachOf(ports.map((one) => one.portId)))
      .where('status', '=', 'ACTIVE')
      .where('host', '!=', host)
      .execute();
};

const store = async (
  tx: Transaction,
  reports: ReadonlyMap<string, PortStatusReport>,
): Promise<readonly PortStatusNews[]> => {
  const rows = await tx.query
    .selectFrom('ports')
    .select(['id', 'network_id', 'project_id', 'device_id', 'device_owner', 'status', 'admin_state_up'])
    .select('revision_number')
    .where('id', 'in', eachOf([...reports.keys()]))
    .execute();
  const news = rows.flatMap((row): PortStatusNews[] => {
    const report = reports.get(row.id);
    const status = statusOf(report?.up === true, row.admin_state_up);
    const arrived = status === 'ACTIVE' && report?.arrived === true;
    if (status === row.status && !arrived) return [];
    // What unbound the port, and has yet to reach the driver, is not undone by what that saw before.
    const old = (report?.revision ?? row.revision_number) < row.revision_number;
    if (old && status === 'ACTIVE' && !arrived) return [];
    return [
      {
        portId: row.id,
        networkId: row.network_id,
        projectId: row.project_id,
        deviceId: row.device_id,
        deviceOwner: row.device_owner,
        status,
        previous: row.status,
        arrived,
      },
    ];
  });
  const differing = news.filter((one) => one.status !== one.previous);
  for (const [status, changed] of Map.groupBy(differing, (one) => one.status)) {
    await tx.query
      .updateTable('ports')
      .set({ status, updated_at: tx.now })
      .where('id', 'in', eachOf(changed.map((one) => one.portId)))
      .execute();
    await storeTrunks(tx, status, changed);
  }
  await storeHosts(tx, reports.values());
  return news;
};

export const createPortStatus = ({ database, events, record }: PortStatusOptions): PortStatus => ({
  async report(reports) {
    const all = reports.map((report) => [report.portId, report] as const);
    for (let start = 0; start < all.length; start += BATCH) {
      const batch = new Map(all.slice(start, start + BATCH));
      const news = await database.transaction(async (tx) => {
        const stored = await store(tx, batch);
        if (stored.length > 0) await record?.(tx, stored);
        return stored;
      });
      for (const one of news) events.emit('port.status', one);
    }
  },
});
