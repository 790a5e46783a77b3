import type { ExposedPortForwarding, FloatingIp, PortDetails } from '@ovenbird/api';
import type { Reader } from '../../db/database.ts';
import { eachOf } from '../../db/query/each-of.ts';
import type { FloatingIpsTable } from '../../db/tables.ts';
import type { ResourceStore } from '../../engine/contract.ts';
import { plain, plainColumns, standardColumns } from '../columns.ts';
import { networkPolicies } from '../qos/assignment.ts';
import { listsBy, tagsOf } from '../tags.ts';

/** What a floating IP shows of other tables than `floating_ips`. */
export interface FloatingIpParts {
  readonly portDetails: PortDetails | null;
  readonly portForwardings: readonly ExposedPortForwarding[];
  /** The policy of its network. */
  readonly networkPolicy: string | null;
  readonly tags: readonly string[];
}

/** A row and its parts → the resource. */
export const floatingIpOf = (row: FloatingIpsTable, parts: FloatingIpParts): FloatingIp => ({
  id: row.id,
  project_id: row.project_id,
  floating_network_id: row.floating_network_id,
  floating_ip_address: row.floating_ip_address,
  subnet_id: null,
  port_id: row.fixed_port_id,
  fixed_ip_address: row.fixed_ip_address,
  router_id: row.router_id,
  status: row.status,
  port_details: parts.portDetails,
  port_forwardings: parts.portForwardings,
  dns_name: row.dns_name,
  dns_domain: row.dns_domain,
  qos_policy_id: row.qos_policy_id,
  qos_network_policy_id: parts.networkPolicy,
  description: row.description,
  created_at: row.created_at,
  updated_at: row.updated_at,
  revision_number: row.revision_number,
  tags: parts.tags,
});

const portDetailsOf = async (
  reader: Reader,
  rows: readonly FloatingIpsTable[],
): Promise<ReadonlyMap<string, PortDetails>> => {
  const ids = rows.flatMap((row) => row.fixed_port_id ?? []);
  if (ids.length === 0) return new Map();
  const ports = await reader.query
    .selectFrom('ports')
    .select(['id', 'name', 'network_id', 'mac_address', 'admin_state_up', 'status'])
    .select(['device_id', 'device_owner'])
    .where('id', 'in', eachOf(ids))
    .execute();
  return new Map(
    ports.map(({ id, admin_state_up, ...details }) => [
      id,
      { ...details, admin_state_up: admin_state_up === 1 },
    ]),
  );
};

const forwardingsOf = async (
  reader: Reader,
  ids: readonly string[],
): Promise<ReadonlyMap<string, readonly ExposedPortForwarding[]>> => {
  const rows = await reader.query
    .selectFrom('port_forwardings')
    .select(['id', 'floatingip_id', 'protocol', 'internal_ip_address', 'internal_port_id'])
    .select(['internal_port_start', 'internal_port_end', 'external_port_start', 'external_port_end'])
    .where('floatingip_id', 'in', eachOf(ids))
    .orderBy('id')
    .execute();
  return listsBy(rows, (row) => [
    row.floatingip_id,
    {
      id: row.id,
      protocol: row.protocol,
      internal_ip_address: row.internal_ip_address,
      internal_port_id: row.internal_port_id,
      ...(row.internal_port_start === row.internal_port_end
        ? { internal_port: row.internal_port_start }
        : {}),
      ...(row.external_port_start === row.external_port_end
        ? { external_port: row.external_port_start }
        : {}),
    },
  ]);
};

/** Rows → resources, in order. At most four queries, whatever the number of rows. */
export const assembleFloatingIps = async (
  reader: Reader,
  rows: readonly FloatingIpsTable[],
  wanted?: ReadonlySet<string>,
): Promise<readonly FloatingIp[]> => {
  if (rows.length === 0) return [];
  const wants = (name: string) => wanted === undefined || wanted.has(name);
  const ids = rows.map((row) => row.id);
  const details = wants('port_details') ? await portDetailsOf(reader, rows) : undefined;
  const forwardings = wants('port_forwardings') ? await forwardingsOf(reader, ids) : undefined;
  const policies = wants('qos_network_policy_id')
    ? await networkPolicies(reader, [...new Set(rows.map((row) => row.floating_network_id))])
    : undefined;
  const tags = wants('tags') ? await tagsOf(reader, ids) : undefined;
  return rows.map((row) =>
    floatingIpOf(row, {
      portDetails: details?.get(row.fixed_port_id ?? '') ?? null,
      portForwardings: forwardings?.get(row.id) ?? [],
      networkPolicy: policies?.get(row.floating_network_id) ?? null,
      tags: tags?.get(row.id) ?? [],
    }),
  );
};

/** Floating IPs anew, by id; ids without one are left out. */
export const loadFloatingIps = async (
  reader: Reader,
  ids: readonly string[],
): Promise<readonly FloatingIp[]> => {
  if (ids.length === 0) return [];
  const rows = await reader.query
    .selectFrom('floating_ips')
    .selectAll()
    .where('id', 'in', eachOf(ids))
    .execute();
  return assembleFloatingIps(reader, rows);
};

export const floatingIpStore: ResourceStore<FloatingIp> = {
  table: 'floating_ips',
  columns: {
    ...standardColumns,
    ...plainColumns([
      'floating_network_id',
      'floating_ip_address',
      'fixed_ip_address',
      'router_id',
      'status',
    ]),
    port_id: plain('fixed_port_id'),
  },
  filters: {},
  // The rows were read from `floating_ips`, all columns.
  assemble: (reader, rows, wanted) =>
    assembleFloatingIps(reader, rows as readonly unknown[] as readonly FloatingIpsTable[], wanted),
};
