import { type Holders, limitsOf } from './actual-limits.ts';
import type { Actual, ActualRow } from './actual-rows.ts';
import type { Northbound } from './databases.ts';
import type { MemberColumn, Membership } from './desired/row.ts';
import type { OvnKey } from './key.ts';

const FLOATING_IP = 'neutron:fip_id';

type Marked = { readonly external_ids: ReadonlyMap<string, string> };

/** The floating IP whose ports a load balancer forwards, if it is one of ours. */
const forwardedBy = ({ external_ids }: Marked): string | undefined =>
  external_ids.get('neutron:device_owner') === 'port_forwarding_plugin'
    ? external_ids.get(FLOATING_IP)
    : undefined;

const inAll = (
  column: MemberColumn,
  element: string,
  parents: readonly { readonly _uuid: string }[],
): readonly Membership[] => parents.map(({ _uuid }) => ({ column, parent: _uuid, element }));

/**
 * Rows of a floating IP in the replica and the sets that hold them, found through indexes: by mark, as `id` is what a port
 * says of itself and may be the UUID of another row.
 */
export function actualFloatingIp(nb: Northbound, id: string, holders: Holders): Actual {
  const limits = limitsOf(nb, 'floatingIp', id, holders);
  const translations = nb.NAT.find('floatingIp', id).map((row) => row._uuid);
  const balancers = nb.Load_Balancer.find('floatingIp', id)
    .filter((row) => forwardedBy(row) !== undefined)
    .map((row) => row._uuid);
  return {
    rows: [
      ...translations.map((uuid): ActualRow => ({ table: 'NAT', uuid })),
      ...balancers.map((uuid): ActualRow => ({ table: 'Load_Balancer', uuid })),
      ...limits.rows,
    ],
    members: [
      ...translations.flatMap((uuid) =>
        inAll('Logical_Router.nat', uuid, nb.Logical_Router.find('nat', uuid)),
      ),
      ...balancers.flatMap((uuid) => [
        ...inAll('Logical_Router.load_balancer', uuid, nb.Logical_Router.find('balancer', uuid)),
        ...inAll('Logical_Switch.load_balancer', uuid, nb.Logical_Switch.find('balancer', uuid)),
      ]),
      ...limits.members,
    ],
  };
}

/** Keys of floating IPs that have rows in the replica. */
export function* floatingIpKeys(nb: Northbound): Generator<OvnKey> {
  for (const row of nb.NAT.rows()) {
    const id = row.external_ids.get(FLOATING_IP);
    if (id !== undefined) yield { kind: 'floatingip', id };
  }
  for (const row of nb.QoS.rows()) {
    const id = row.external_ids.get(FLOATING_IP);
    if (id !== undefined) yield { kind: 'floatingip', id };
  }
  for (const row of nb.Load_Balancer.rows()) {
    const id = forwardedBy(row);
    if (id !== undefined) yield { kind: 'floatingip', id };
  }
}
