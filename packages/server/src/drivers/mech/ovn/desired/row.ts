import type { NorthboundTables } from '@ovenbird/ovn-db';

/** Northbound tables that this driver writes. */
export type OwnedTable =
  | 'NB_Global'
  | 'Address_Set'
  | 'Logical_Switch'
  | 'Logical_Switch_Port'
  | 'DNS'
  | 'DHCP_Options'
  | 'Port_Group'
  | 'ACL'
  | 'Meter'
  | 'Meter_Band'
  | 'QoS'
  | 'Logical_Router'
  | 'Logical_Router_Port'
  | 'HA_Chassis_Group'
  | 'HA_Chassis'
  | 'Logical_Router_Static_Route'
  | 'BFD'
  | 'NAT'
  | 'Load_Balancer';

/**
 * A row as it should be. `columns` has every column that we own of the table; a map column of which we own only some
 * keys has those of our keys that should be present. `uuid` undefined: the table's only row (NB_Global), which the
 * database makes by itself.
 */
export interface DesiredRow<K extends OwnedTable = OwnedTable> {
  readonly table: K;
  readonly uuid: string | undefined;
  readonly columns: Partial<NorthboundTables[K]>;
}

/** Columns that hold sets of rows which several keys contribute to. */
export type MemberColumn =
  | 'Logical_Switch.ports'
  | 'Logical_Switch.qos_rules'
  | 'Logical_Switch.dns_records'
  | 'Port_Group.ports'
  | 'Port_Group.acls'
  | 'Logical_Router.ports'
  | 'Logical_Router.static_routes'
  | 'Logical_Router.nat'
  | 'Logical_Router.load_balancer'
  | 'Logical_Switch.load_balancer'
  | 'HA_Chassis_Group.ha_chassis';

/** `element` should be in the set `column` of the row `parent`. */
export interface Membership {
  readonly column: MemberColumn;
  readonly parent: string;
  readonly element: string;
}

/** Everything that one key stands for in the Northbound database. */
export interface Desired {
  readonly rows: readonly DesiredRow[];
  readonly members: readonly Membership[];
}

export const nothing: Desired = Object.freeze({ rows: [], members: [] });

export const combined = (parts: readonly Desired[]): Desired => ({
  rows: parts.flatMap((part) => part.rows),
  members: parts.flatMap((part) => part.members),
});

/** Typed construction of one row. */
export const desiredRow = <K extends OwnedTable>(
  table: K,
  uuid: string | undefined,
  columns: Partial<NorthboundTables[K]>,
): DesiredRow<K> => ({ table, uuid, columns });

/** A map column from an object; keys whose value is undefined are left out. */
export const stringMap = (entries: {
  readonly [key: string]: string | undefined;
}): ReadonlyMap<string, string> => {
  const map = new Map<string, string>();
  for (const key of Object.keys(entries)) {
    const value = entries[key];
    if (value !== undefined) map.set(key, value);
  }
  return map;
};
