import type { ColumnValue } from '@ovenbird/ovsdb';
import type { Northbound } from '../databases.ts';
import { isFence } from '../fence.ts';

type Plain = string | number | boolean | null | readonly Plain[] | { readonly [key: string]: Plain };
type PlainRow = { readonly [column: string]: Plain };

/** A whole table by row UUID, in plain values with sets and maps sorted, so that two databases can be compared. */
export type PlainTable = { readonly [uuid: string]: PlainRow };
export type Content = { readonly [table: string]: PlainTable };

const plain = (value: ColumnValue): Plain => {
  if (value === undefined) return null;
  if (value instanceof Set) return [...value].sort();
  if (value instanceof Map)
    return Object.fromEntries([...value].map(([key, each]) => [String(key), each] as const).sort());
  return typeof value === 'object' ? null : value;
};

/** Tables of the main job. `up` is left out: northd writes it. */
const tables = [
  'NB_Global',
  'Address_Set',
  'Logical_Switch',
  'Logical_Switch_Port',
  'DNS',
  'DHCP_Options',
  'Port_Group',
  'ACL',
  'Meter',
  'Meter_Band',
  'QoS',
  'Logical_Router',
  'Logical_Router_Port',
  'HA_Chassis_Group',
  'HA_Chassis',
  'Logical_Router_Static_Route',
  'BFD',
  'NAT',
  'Load_Balancer',
] as const;

/** Everything that the Northbound replica holds in the tables of the main job, but for what processes tell each other. */
export function contentOf(nb: Northbound): Content {
  const content: { [table: string]: { [uuid: string]: PlainRow } } = {};
  for (const table of tables) {
    const rows: { [uuid: string]: PlainRow } = {};
    for (const row of nb[table].rows()) {
      if (isFence(row)) continue;
      const columns: { readonly [column: string]: ColumnValue } = row;
      const { _uuid, ...rest } = Object.fromEntries(
        Object.keys(columns)
          .filter((column) => !['up', 'nb_cfg', 'sb_cfg'].includes(column))
          .sort()
          .map((column) => [column, plain(columns[column])] as const),
      );
      rows[row._uuid] = rest;
    }
    content[table] = Object.fromEntries(Object.entries(rows).sort());
  }
  return content;
}
