import { actualFloatingIp, floatingIpKeys } from './actual-floating-ip.ts';
import { type Holders, holdersOf } from './actual-limits.ts';
import { actualExternalPorts, actualRouter, externalPortsKeys, routerKeys } from './actual-router.ts';
import type { Actual, ActualRow } from './actual-rows.ts';
import { LOCALNET, type Northbound } from './databases.ts';
import { logMeter } from './desired/acl-log.ts';
import { isDropGroupAcl } from './desired/drop-group.ts';
import { METER_OWNER } from './desired/log-meter.ts';
import type { Membership, OwnedTable } from './desired/row.ts';
import { isLogDrop } from './desired/security-group.ts';
import {
  addressGroupSet,
  addressSetUuid,
  dnsUuid,
  dropGroupName,
  dropGroupUuid,
  localnetPrefix,
  portGroupName,
  portGroupUuid,
  subnetDhcpUuid,
  switchName,
  switchPrefix,
} from './ids.ts';
import type { OvnKey } from './key.ts';
import type { OvnSettings } from './settings.ts';

/** Which switches and port groups hold a port: asked of the replica at large, or of an index made for a full check. */
export interface PortParents {
  switches(port: string): readonly string[];
  groups(port: string): readonly string[];
  /** Switches that hold a QoS row of the port. */
  limited(row: string, port: string): readonly string[];
  /** Switches that hold a QoS row of a floating IP or a gateway. */
  readonly holders: Holders;
  /** Switches that answer from a DNS row of the network. */
  named(row: string, networkId: string): readonly string[];
}

const uuids = (rows: readonly { readonly _uuid: string }[]): string[] => rows.map((row) => row._uuid);

const distinct = (values: readonly (string | undefined)[]): string[] => [
  ...new Set(values.filter((value) => value !== undefined)),
];

/**
 * Parents as the port's own row names them. Right unless somebody else edited the sets, which a full check finds.
 */
export function namedParents(nb: Northbound): PortParents {
  return {
    switches(port) {
      const name = nb.Logical_Switch_Port.get(port)?.external_ids.get('neutron:network_name');
      return uuids(nb.Logical_Switch.find('name', name ?? '').filter((row) => row.ports.has(port)));
    },
    limited(rule, port) {
      const name = nb.Logical_Switch_Port.get(port)?.external_ids.get('neutron:network_name');
      return uuids(nb.Logical_Switch.find('name', name ?? '').filter((row) => row.qos_rules.has(rule)));
    },
    holders: holdersOf(nb),
    named(row, networkId) {
      const own = nb.Logical_Switch.find('name', switchName(networkId));
      return uuids(own.filter((parent) => parent.dns_records.has(row)));
    },
    groups(port) {
      const named = nb.Logical_Switch_Port.get(port)?.external_ids.get('neutron:security_group_ids') ?? '';
      const names = named === '' ? [] : named.split(' ').map(portGroupName);
      return uuids(
        [dropGroupName, ...names]
          .flatMap((name) => nb.Port_Group.find('name', name))
          .filter((row) => row.ports.has(port)),
      );
    },
  };
}

const ADDRESS_GROUP_ID = 'neutron:address_group_id';

const isOurGroup = (row: { name: string; external_ids: ReadonlyMap<string, string> }): boolean =>
  row.name === dropGroupName || row.external_ids.has('neutron:security_group_id');

/** Parents read from the sets themselves: one pass over all of them, then each answer is a look-up. */
export function scannedParents(nb: Northbound): PortParents {
  const switches = new Map<string, string[]>();
  const groups = new Map<string, string[]>();
  const limited = new Map<string, string[]>();
  const named = new Map<string, string[]>();
  const note = (index: Map<string, string[]>, port: string, parent: string): void => {
    const parents = index.get(port);
    if (parents === undefined) index.set(port, [parent]);
    else parents.push(parent);
  };
  for (const row of nb.Logical_Switch.rows()) {
    for (const port of row.ports) note(switches, port, row._uuid);
    for (const rule of row.qos_rules) note(limited, rule, row._uuid);
    for (const names of row.dns_records) note(named, names, row._uuid);
  }
  for (const row of nb.Port_Group.rows()) {
    if (!isOurGroup(row)) continue;
    for (const port of row.ports) note(groups, port, row._uuid);
  }
  return {
    switches: (port) => switches.get(port) ?? [],
    groups: (port) => groups.get(port) ?? [],
    limited: (row) => limited.get(row) ?? [],
    holders: (row) => limited.get(row) ?? [],
    named: (row) => named.get(row) ?? [],
  };
}

const rowsOf = (table: OwnedTable, ids: readonly string[]): ActualRow[] =>
  ids.map((uuid) => ({ table, uuid }));

/** Localnet ports of ours in a switch. */
function localnetsIn(nb: Northbound, parent: string): readonly string[] {
  const ports = nb.Logical_Switch.get(parent)?.ports ?? new Set<string>();
  // Whichever is fewer: the ports of this switch, or all localnet ports there are.
  const localnets = nb.Logical_Switch_Port.find(LOCALNET, LOCALNET);
  const candidates = ports.size < localnets.length ? [...ports] : uuids(localnets);
  return candidates.filter(
    (uuid) => ports.has(uuid) && nb.Logical_Switch_Port.get(uuid)?.name.startsWith(localnetPrefix) === true,
  );
}

const inSwitch = (parent: string, element: string): Membership => ({
  column: 'Logical_Switch.ports',
  parent,
  element,
});
const inGroup = (parent: string, element: string): Membership => ({
  column: 'Port_Group.ports',
  parent,
  element,
});

function actualAddressGroup(nb: Northbound, id: string): Actual {
  const versions = [4, 6] as const;
  const named = versions
    .flatMap((version) => nb.Address_Set.find('name', addressGroupSet(id, version)))
    .filter((row) => row.external_ids.has(ADDRESS_GROUP_ID));
  const own = versions.map((version) => nb.Address_Set.get(addressSetUuid(id, version))?._uuid);
  return { rows: rowsOf('Address_Set', distinct([...own, ...uuids(named)])), members: [] };
}

function actualNetwork(nb: Northbound, id: string, parents: PortParents): Actual {
  const named = nb.Logical_Switch.find('name', switchName(id)).filter((row) =>
    row.external_ids.has('neutron:network_name'),
  );
  const switches = distinct([nb.Logical_Switch.get(id)?._uuid, ...uuids(named)]);
  const places = switches.flatMap((parent) => localnetsIn(nb, parent).map((port) => inSwitch(parent, port)));
  const localnets = places.map((member) => member.element);
  const groups = localnets.flatMap((port) => parents.groups(port).map((parent) => inGroup(parent, port)));
  return {
    rows: [...rowsOf('Logical_Switch', switches), ...rowsOf('Logical_Switch_Port', localnets)],
    members: [...places, ...groups],
  };
}

function actualDns(nb: Northbound, networkId: string, parents: PortParents): Actual {
  const found = nb.DNS.find('switch', switchName(networkId));
  const rows = distinct([nb.DNS.get(dnsUuid(networkId))?._uuid, ...uuids(found)]);
  const members = rows.flatMap((element) =>
    parents
      .named(element, networkId)
      .map((parent): Membership => ({ column: 'Logical_Switch.dns_records', parent, element })),
  );
  return { rows: rowsOf('DNS', rows), members };
}

function actualPort(nb: Northbound, id: string, parents: PortParents): Actual {
  const ports = distinct([
    nb.Logical_Switch_Port.get(id)?._uuid,
    ...uuids(nb.Logical_Switch_Port.find('name', id)),
  ]);
  const members = ports.flatMap((port) => [
    ...parents.switches(port).map((parent) => inSwitch(parent, port)),
    ...parents.groups(port).map((parent) => inGroup(parent, port)),
  ]);
  const dhcp = uuids(nb.DHCP_Options.find('port', id));
  const limits = uuids(nb.QoS.find('port', id));
  for (const element of limits)
    for (const parent of parents.limited(element, id))
      members.push({ column: 'Logical_Switch.qos_rules', parent, element });
  return {
    rows: [
      ...rowsOf('DHCP_Options', dhcp),
      ...rowsOf('QoS', limits),
      ...rowsOf('Logical_Switch_Port', ports),
    ],
    members,
  };
}

/** A group, and the ACLs in it that `owns` says are ours. */
function actualGroup(
  nb: Northbound,
  groups: readonly string[],
  owns: (acl: {
    direction: string;
    match: string;
    action: string;
    external_ids: ReadonlyMap<string, string>;
  }) => boolean,
): Actual {
  const members: Membership[] = [];
  for (const parent of groups)
    for (const element of nb.Port_Group.get(parent)?.acls ?? []) {
      const acl = nb.ACL.get(element);
      if (acl !== undefined && owns(acl)) members.push({ column: 'Port_Group.acls', parent, element });
    }
  const acls = rowsOf(
    'ACL',
    members.map((member) => member.element),
  );
  return { rows: [...rowsOf('Port_Group', groups), ...acls], members };
}

function actualSecurityGroup(nb: Northbound, id: string): Actual {
  const named = nb.Port_Group.find('name', portGroupName(id)).filter(isOurGroup);
  const groups = distinct([nb.Port_Group.get(portGroupUuid(id))?._uuid, ...uuids(named)]);
  return actualGroup(
    nb,
    groups,
    (acl) => acl.external_ids.has('neutron:security_group_rule_id') || isLogDrop(id, acl),
  );
}

function actualDropGroup(nb: Northbound): Actual {
  const groups = distinct([
    nb.Port_Group.get(dropGroupUuid)?._uuid,
    ...uuids(nb.Port_Group.find('name', dropGroupName)),
  ]);
  return actualGroup(nb, groups, isDropGroupAcl);
}

function actualLogMeters(nb: Northbound, settings: OvnSettings): Actual {
  const named = [true, false].flatMap((stateful) => nb.Meter.find('name', logMeter(settings, stateful)));
  const meters = distinct(uuids([...named, ...nb.Meter.find('owner', METER_OWNER)]));
  const bands = meters.flatMap((meter) => [...(nb.Meter.get(meter)?.bands ?? [])]);
  return { rows: [...rowsOf('Meter', meters), ...rowsOf('Meter_Band', bands)], members: [] };
}

/** Rows and memberships of `key` in the replica, found through indexes. */
export function actual(key: OvnKey, nb: Northbound, parents: PortParents, settings: OvnSettings): Actual {
  switch (key.kind) {
    case 'global':
      return { rows: rowsOf('NB_Global', uuids([...nb.NB_Global.rows()])), members: [] };
    case 'log_meter':
      return actualLogMeters(nb, settings);
    case 'drop_group':
      return actualDropGroup(nb);
    case 'address_group':
      return actualAddressGroup(nb, key.id);
    case 'network':
      return actualNetwork(nb, key.id, parents);
    case 'dns':
      return actualDns(nb, key.id, parents);
    case 'external_ports':
      return actualExternalPorts(nb, key.id);
    case 'subnet': {
      const found = nb.DHCP_Options.find('subnet', key.id);
      const rows = distinct([nb.DHCP_Options.get(subnetDhcpUuid(key.id))?._uuid, ...uuids(found)]);
      return { rows: rowsOf('DHCP_Options', rows), members: [] };
    }
    case 'security_group':
      return actualSecurityGroup(nb, key.id);
    case 'port':
      return actualPort(nb, key.id, parents);
    case 'router':
      return actualRouter(nb, key.id, parents.holders);
    case 'floatingip':
      return actualFloatingIp(nb, key.id, parents.holders);
  }
}

/** Keys that have rows in the replica: those that a full check must look at besides SQL's. */
export function* actualKeys(nb: Northbound): Generator<OvnKey> {
  for (const row of nb.Logical_Switch.rows())
    if (row.external_ids.has('neutron:network_name') && row.name.startsWith(switchPrefix))
      yield { kind: 'network', id: row.name.slice(switchPrefix.length) };
  for (const row of nb.Logical_Switch_Port.rows())
    if (row.external_ids.has('neutron:port_name')) yield { kind: 'port', id: row.name };
  for (const row of nb.DHCP_Options.rows()) {
    const port = row.external_ids.get('port_id');
    const subnet = row.external_ids.get('subnet_id');
    if (port !== undefined) yield { kind: 'port', id: port };
    else if (subnet !== undefined) yield { kind: 'subnet', id: subnet };
  }
  for (const row of nb.DNS.rows()) {
    const name = row.external_ids.get('ls_name');
    if (name?.startsWith(switchPrefix)) yield { kind: 'dns', id: name.slice(switchPrefix.length) };
  }
  for (const row of nb.QoS.rows()) {
    const port = row.external_ids.get('neutron:port_id');
    if (port !== undefined) yield { kind: 'port', id: port };
  }
  for (const row of nb.Address_Set.rows()) {
    const group = row.external_ids.get(ADDRESS_GROUP_ID);
    if (group !== undefined) yield { kind: 'address_group', id: group };
  }
  for (const row of nb.Port_Group.rows()) {
    const group = row.external_ids.get('neutron:security_group_id');
    if (group !== undefined) yield { kind: 'security_group', id: group };
  }
  yield* routerKeys(nb);
  yield* floatingIpKeys(nb);
  yield* externalPortsKeys(nb);
}
