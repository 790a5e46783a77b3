import type { Port } from '@ovenbird/api';
import { sql } from 'kysely';
import type { Reader } from '../../../../db/database.ts';
import { type Given, prepared } from '../../../../db/query/prepared.ts';
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

type Routers = Given<{ readonly routers: readonly string[] }>;

/** Networks of these routers' interfaces in which some port may be an external one, and those that follow one of them. */
const networksOf = prepared((query, given: Routers) =>
  query
    .selectFrom('port_bindings')
    .innerJoin('ports', 'ports.id', 'port_bindings.port_id')
    .select('ports.network_id')
    .where(sql<boolean>`port_bindings.vnic_type <> 'normal'`)
    .where('ports.network_id', 'in', (eb) =>
      eb
        .selectFrom('router_ports')
        .innerJoin('ports as inner', 'inner.id', 'router_ports.port_id')
        .select('inner.network_id')
        .where('router_ports.router_id', 'in', given.each('routers')),
    )
    .union(
      query
        .selectFrom('external_port_hosts')
        .select('network_id')
        .where('router_id', 'in', given.each('routers')),
    ),
);

/** Networks whose external ports came, went, or may need other chassis because a router changed. */
export const networksToPlace = async (
  changes: readonly Change[],
  reader: Reader,
): Promise<readonly string[]> => {
  const own = changes.flatMap(externalSides).map((port) => port.network_id);
  const routers = changes.flatMap((change) => (change.kind === 'router' ? [change.id] : []));
  if (routers.length === 0) return [...new Set(own)];
  const joined = await networksOf(reader, { routers });
  return [...new Set([...own, ...joined.map((row) => row.network_id)])];
};
