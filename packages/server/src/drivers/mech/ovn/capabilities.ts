import type { NorthboundTables } from '@ovenbird/ovn-db';
import type { DatabaseSchema } from '@ovenbird/ovsdb';
import { northboundMonitor } from './databases.ts';

/** Columns that are left out when the server lacks them. Without the others that the driver reads the main job cannot work. */
const dispensable: { readonly [T in keyof NorthboundTables]?: readonly (keyof NorthboundTables[T])[] } = {
  NB_Global: ['sb_cfg'],
  Logical_Switch_Port: ['parent_name', 'tag_request', 'dhcpv4_options', 'dhcpv6_options', 'ha_chassis_group'],
  ACL: ['name', 'log', 'severity', 'meter', 'label', 'options'],
  Meter: ['fair'],
  Logical_Router_Port: ['ipv6_ra_configs'],
  NAT: ['gateway_port'],
};

const columnsRead: readonly [string, readonly string[]][] = Object.entries(northboundMonitor);

const dispensableOf = (table: string): readonly string[] =>
  Object.entries(dispensable).find(([name]) => name === table)?.[1] ?? [];

/** The connected Northbound database is too old to work with. */
export class SchemaTooOld extends Error {
  override readonly name = 'SchemaTooOld';
}

/** Throws {@link SchemaTooOld}, naming what is missing, when the server's schema lacks what the driver needs. */
export function requireSchema(schema: DatabaseSchema): void {
  const missing = columnsRead.flatMap(([table, columns]) => {
    const found = schema.tables[table];
    if (found === undefined) return [table];
    return columns
      .filter((column) => found.columns[column] === undefined && !dispensableOf(table).includes(column))
      .map((column) => `${table}.${column}`);
  });
  if (missing.length > 0)
    throw new SchemaTooOld(
      `the Northbound schema ${schema.version} lacks ${missing.join(', ')}; OVN 21.03 or later is needed`,
    );
}
