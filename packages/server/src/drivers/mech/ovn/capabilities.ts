import type { DatabaseSchema } from '@ovenbird/ovsdb';
import type { OwnedTable } from './desired/row.ts';

/** Tables and columns without which nothing of the main job works. Others are left out when the server lacks them. */
const required: { readonly [K in OwnedTable]: readonly string[] } = {
  NB_Global: ['options', 'external_ids', 'nb_cfg'],
  Address_Set: ['name', 'addresses', 'external_ids'],
  Logical_Switch: [
    'name',
    'ports',
    'qos_rules',
    'dns_records',
    'load_balancer',
    'other_config',
    'external_ids',
  ],
  Logical_Switch_Port: [
    'name',
    'type',
    'options',
    'addresses',
    'port_security',
    'up',
    'enabled',
    'external_ids',
  ],
  DNS: ['records', 'external_ids'],
  DHCP_Options: ['cidr', 'options', 'external_ids'],
  Port_Group: ['name', 'ports', 'acls', 'external_ids'],
  QoS: ['priority', 'direction', 'match', 'action', 'bandwidth', 'external_ids'],
  Logical_Router: [
    'name',
    'ports',
    'static_routes',
    'nat',
    'load_balancer',
    'enabled',
    'options',
    'external_ids',
  ],
  Logical_Router_Port: ['name', 'mac', 'networks', 'ha_chassis_group', 'options', 'external_ids'],
  HA_Chassis_Group: ['name', 'ha_chassis', 'external_ids'],
  Logical_Router_Static_Route: ['ip_prefix', 'nexthop', 'output_port', 'bfd', 'external_ids'],
  BFD: ['logical_port', 'dst_ip', 'external_ids'],
  Load_Balancer: ['name', 'vips', 'protocol', 'external_ids'],
  NAT: ['type', 'external_ip', 'logical_ip', 'logical_port', 'external_mac', 'options', 'external_ids'],
  HA_Chassis: ['chassis_name', 'priority', 'external_ids'],
  Meter: ['name', 'unit', 'bands', 'external_ids'],
  Meter_Band: ['action', 'rate', 'burst_size', 'external_ids'],
  ACL: ['priority', 'direction', 'match', 'action', 'external_ids'],
};

/** The connected Northbound database is too old to work with. */
export class SchemaTooOld extends Error {
  override readonly name = 'SchemaTooOld';
}

/** Throws {@link SchemaTooOld}, naming what is missing, when the server's schema lacks what the driver needs. */
export function requireSchema(schema: DatabaseSchema): void {
  const missing = Object.entries(required).flatMap(([table, columns]) => {
    const found = schema.tables[table];
    if (found === undefined) return [table];
    return columns
      .filter((column) => found.columns[column] === undefined)
      .map((column) => `${table}.${column}`);
  });
  if (missing.length > 0)
    throw new SchemaTooOld(
      `the Northbound schema ${schema.version} lacks ${missing.join(', ')}; OVN 21.03 or later is needed`,
    );
}
