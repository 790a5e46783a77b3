import { type Children, childrenOf } from './actual-rows.ts';
import type { Northbound } from './databases.ts';

/** Switches that hold a QoS row. */
export type Holders = (row: string) => readonly string[];

/** Switches that hold a row of QoS: that of the port that its match names, or, where that has gone, any. */
export const holdersOf =
  (nb: Northbound): Holders =>
  (limit) => {
    const port = /port == "([^"]+)"/.exec(nb.QoS.get(limit)?.match ?? '')?.[1] ?? '';
    const [named] = nb.Logical_Switch_Port.find('name', port);
    const near = nb.Logical_Switch.find('name', named?.external_ids.get('neutron:network_name') ?? '');
    const held = near.filter((row) => row.qos_rules.has(limit));
    const found =
      held.length > 0 ? held : [...nb.Logical_Switch.rows()].filter((row) => row.qos_rules.has(limit));
    return found.map((row) => row._uuid);
  };

/** Rows of QoS of a floating IP or a router, and the switches that hold them. */
export function limitsOf(
  nb: Northbound,
  index: 'floatingIp' | 'router',
  id: string,
  holders: Holders,
): Children {
  const limits = nb.QoS.find(index, id).map((row) => row._uuid);
  return {
    rows: limits.map((uuid) => ({ table: 'QoS', uuid })),
    members: limits.flatMap((uuid) =>
      holders(uuid).flatMap(
        (parent) => childrenOf('Logical_Switch.qos_rules', 'QoS', parent, [uuid]).members,
      ),
    ),
  };
}
