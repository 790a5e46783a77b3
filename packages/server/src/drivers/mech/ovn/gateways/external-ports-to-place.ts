import type { Port } from '@ovenbird/api';
import { sql } from 'kysely';
import type { Reader } from '../../../../db/database.ts';
import { eachOf } from '../../../../db/query/each-of.ts';
import type { Change } from '../../../../ml2/contract.ts';
import { bypassesSwitch } from '../bypassing.ts';

const bypasses = (port: Port): boolean =>
  bypassesSwitch(port['binding:vnic_type'], port['binding:profile'] ?? {});

const externalSides = (change: Change): readonly Port[] => {
  if (change.kind !== 'port') return [];
  const sides = [
    ...(change.action === 'create' ? [] : [change.original]),
    ...(change.action === 'delete' ? [] : [change.current]),
  ];
  return sides.filter(bypasses);
};

/** Networks of these routers' interfaces in which some port may be an external one. */
const specialNetworks = async (
  { query }: Reader,
  routerIds: readonly string[],
): Promise<readonly string[]> => {
  const rows = await query
    .selectFrom('port_bindings')
    .innerJoin('ports', 'ports.id', 'port_bindings.port_id')
    .select('ports.network_id')
    .distinct()
    .where(sql<boolean>`port_bindings.vnic_type <> 'normal'`)
    .where('ports.network_id', 'in', (eb) =>
      eb
        .selectFrom('router_ports')
        .innerJoin('ports as inner', 'inner.id', 'router_ports.port_id')
        .select('inner.network_id')
        .where('router_ports.router_id', 'in', eachOf(routerIds)),
    )
    .execute();
  return rows.map((row) => row.network_id);
};

/** Networks whose external ports follow one of these routers. */
const followingNetworks = async (
  { query }: Reader,
  routerIds: readonly string[],
): Promise<readonly string[]> => {
  const rows = await query
    .selectFrom('external_port_hosts')
    .select('network_id')
    .distinct()
    .where('router_id', 'in', eachOf(routerIds))
    .execute();
  return rows.map((row) => row.network_id);
};

/** Networks whose external ports came, went, or may need other chassis because a router changed. */
export const networksToPlace = async (
  changes: readonly Change[],
  reader: Reader,
): Promise<readonly string[]> => {
  const own = changes.flatMap(externalSides).map((port) => port.network_id);
  const routers = changes.flatMap((change) => (change.kind === 'router' ? [change.id] : []));
  if (routers.length === 0) return [...new Set(own)];
  const joined = await specialNetworks(reader, routers);
  return [...new Set([...own, ...joined, ...(await followingNetworks(reader, routers))])];
};
