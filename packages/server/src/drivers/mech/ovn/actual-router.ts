import type { Actual, ActualRow } from './actual-rows.ts';
import type { Northbound } from './databases.ts';
import type { MemberColumn, Membership, OwnedTable } from './desired/row.ts';
import { gatewayGroupUuid, routerName } from './ids.ts';
import type { OvnKey } from './key.ts';

const ROUTER_NAME = 'neutron:router_name';
const ROUTER_ID = 'neutron:router_id';

/** Rows that one row of the replica has in a set. */
interface Children {
  readonly rows: readonly ActualRow[];
  readonly members: readonly Membership[];
}

const childrenOf = (
  column: MemberColumn,
  table: OwnedTable,
  parent: string,
  elements: readonly string[],
): Children => ({
  rows: elements.map((uuid) => ({ table, uuid })),
  members: elements.map((element) => ({ column, parent, element })),
});

type RouterRow = NonNullable<ReturnType<Northbound['Logical_Router']['get']>>;

const routersOf = (nb: Northbound, id: string): readonly RouterRow[] => {
  const own = nb.Logical_Router.get(id);
  const named = nb.Logical_Router.find('name', routerName(id)).filter((row) =>
    row.external_ids.has(ROUTER_NAME),
  );
  return [...new Set([...(own === undefined ? [] : [own]), ...named])];
};

const portsIn = (nb: Northbound, router: RouterRow): Children => {
  const ours = [...router.ports].filter(
    (uuid) => nb.Logical_Router_Port.get(uuid)?.external_ids.has(ROUTER_NAME) === true,
  );
  return childrenOf('Logical_Router.ports', 'Logical_Router_Port', router._uuid, ours);
};

/** The group of chassis for the router's gateways; what is in it is ours. */
function groupOf(nb: Northbound, id: string): Children {
  const own = nb.HA_Chassis_Group.get(gatewayGroupUuid(id));
  const named = nb.HA_Chassis_Group.find('name', routerName(id)).filter((row) =>
    row.external_ids.has(ROUTER_ID),
  );
  const groups = [...new Set([...(own === undefined ? [] : [own]), ...named])];
  const chassis = groups.map((group) =>
    childrenOf('HA_Chassis_Group.ha_chassis', 'HA_Chassis', group._uuid, [...group.ha_chassis]),
  );
  return {
    rows: [
      ...groups.map((group): ActualRow => ({ table: 'HA_Chassis_Group', uuid: group._uuid })),
      ...chassis.flatMap(({ rows }) => rows),
    ],
    members: chassis.flatMap(({ members }) => members),
  };
}

/** Rows of a router in the replica, found by its id and name. */
export function actualRouter(nb: Northbound, id: string): Actual {
  const routers = routersOf(nb, id);
  const parts = [groupOf(nb, id), ...routers.map((router) => portsIn(nb, router))];
  return {
    rows: [
      ...routers.map((router): ActualRow => ({ table: 'Logical_Router', uuid: router._uuid })),
      ...parts.flatMap(({ rows }) => rows),
    ],
    members: parts.flatMap(({ members }) => members),
  };
}

/** Keys of routers that have rows in the replica. */
export function* routerKeys(nb: Northbound): Generator<OvnKey> {
  const prefix = routerName('');
  for (const row of nb.Logical_Router.rows())
    if (row.external_ids.has(ROUTER_NAME) && row.name.startsWith(prefix))
      yield { kind: 'router', id: row.name.slice(prefix.length) };
  for (const row of nb.HA_Chassis_Group.rows()) {
    const id = row.external_ids.get(ROUTER_ID);
    if (id !== undefined && row.name === routerName(id)) yield { kind: 'router', id };
  }
}
