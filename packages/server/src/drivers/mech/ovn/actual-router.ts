import { type Holders, limitsOf } from './actual-limits.ts';
import { type Actual, type ActualRow, type Children, childrenOf } from './actual-rows.ts';
import { snatIn } from './actual-snat.ts';
import type { Northbound, RouterRow } from './databases.ts';
import { gatewayGroupUuid, routerName } from './ids.ts';
import { externalPortsKey, type OvnKey } from './key.ts';

const ROUTER_NAME = 'neutron:router_name';
const ROUTER_ID = 'neutron:router_id';

type GroupRow = NonNullable<ReturnType<Northbound['HA_Chassis_Group']['get']>>;

// By mark and name alone: `id` is what a port says of itself, and may be the UUID of a row of others.
const routersOf = (nb: Northbound, id: string): readonly RouterRow[] =>
  nb.Logical_Router.find('name', routerName(id)).filter((row) => row.external_ids.has(ROUTER_NAME));

const portsIn = (nb: Northbound, router: RouterRow): Children => {
  const ours = [...router.ports].filter(
    (uuid) => nb.Logical_Router_Port.get(uuid)?.external_ids.has(ROUTER_NAME) === true,
  );
  return childrenOf('Logical_Router.ports', 'Logical_Router_Port', router._uuid, ours);
};

const routesIn = (nb: Northbound, router: RouterRow): Children => {
  const ours = [...router.static_routes].filter((uuid) =>
    nb.Logical_Router_Static_Route.get(uuid)
      ?.external_ids.keys()
      .some((key) => key.startsWith('neutron:')),
  );
  return childrenOf('Logical_Router.static_routes', 'Logical_Router_Static_Route', router._uuid, ours);
};

/** What watches the neighbours of our routes: rows that bear the router's id, and those that the routes refer to. */
function watchesOf(nb: Northbound, id: string, routes: readonly ActualRow[]): readonly ActualRow[] {
  const referred = routes.map(({ uuid }) => nb.Logical_Router_Static_Route.get(uuid)?.bfd);
  const own = nb.BFD.find('router', id).map((row) => row._uuid);
  const found = new Set([...referred, ...own].filter((uuid) => uuid !== undefined));
  return [...found].filter((uuid) => nb.BFD.get(uuid) !== undefined).map((uuid) => ({ table: 'BFD', uuid }));
}

/** The group of chassis for the router's gateways; what is in it is ours. */
function groupOf(nb: Northbound, id: string): Children {
  const own = nb.HA_Chassis_Group.get(gatewayGroupUuid(id));
  const named = nb.HA_Chassis_Group.find('name', routerName(id)).filter((row) =>
    row.external_ids.has(ROUTER_ID),
  );
  const groups = [...new Set([...(own === undefined ? [] : [own]), ...named])];
  return groupsAsRows(groups);
}

const groupsAsRows = (groups: readonly GroupRow[]): Children => {
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
};

/** Groups of chassis that answer for the external ports of a network; what is in them is ours. */
export const actualExternalPorts = (nb: Northbound, networkId: string): Actual =>
  groupsAsRows(nb.HA_Chassis_Group.find('network', networkId));

/** Keys of the external ports of networks that have groups in the replica. */
export function* externalPortsKeys(nb: Northbound): Generator<OvnKey> {
  for (const row of nb.HA_Chassis_Group.rows()) {
    const id = row.external_ids.get('neutron:network_id');
    if (id !== undefined) yield externalPortsKey(id);
  }
}

/** Rows of a router in the replica, found by its id and name. */
export function actualRouter(nb: Northbound, id: string, holders: Holders): Actual {
  const routers = routersOf(nb, id);
  const routes = routers.map((router) => routesIn(nb, router));
  const parts = [
    groupOf(nb, id),
    limitsOf(nb, 'router', id, holders),
    ...routers.map((router) => portsIn(nb, router)),
    ...routes,
    ...routers.map((router) => snatIn(nb, id, router)),
  ];
  return {
    rows: [
      ...routers.map((router): ActualRow => ({ table: 'Logical_Router', uuid: router._uuid })),
      ...watchesOf(
        nb,
        id,
        routes.flatMap(({ rows }) => rows),
      ),
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
  for (const table of [nb.BFD, nb.QoS])
    for (const row of table.rows()) {
      const id = row.external_ids.get(ROUTER_ID);
      if (id !== undefined) yield { kind: 'router', id };
    }
}
