import { type PortForwarding, portRangeText } from '@ovenbird/api';
import type { Reader } from '../../db/database.ts';
import { eachOf } from '../../db/query/each-of.ts';
import type { PortForwardingsTable } from '../../db/tables.ts';

/** A row → the resource. Single ports are shown beside their range. */
export const portForwardingOf = (row: PortForwardingsTable): PortForwarding => {
  const { internal_port_start: firstIn, internal_port_end: lastIn } = row;
  const { external_port_start: firstOut, external_port_end: lastOut } = row;
  return {
    id: row.id,
    project_id: row.project_id,
    floatingip_id: row.floatingip_id,
    protocol: row.protocol === 'udp' || row.protocol === 'sctp' ? row.protocol : 'tcp',
    internal_port_id: row.internal_port_id,
    internal_ip_address: row.internal_ip_address,
    internal_port: firstIn === lastIn ? firstIn : undefined,
    external_port: firstOut === lastOut ? firstOut : undefined,
    external_port_range: portRangeText({ first: firstOut, last: lastOut }),
    internal_port_range: portRangeText({ first: firstIn, last: lastIn }),
    description: row.description,
  };
};

/** The port forwardings of floating IPs, by id. One query. */
export const forwardingsOfFloatingIps = async (
  reader: Reader,
  floatingIpIds: readonly string[],
): Promise<readonly PortForwarding[]> => {
  const rows = await reader.query
    .selectFrom('port_forwardings')
    .selectAll()
    .where('floatingip_id', 'in', eachOf(floatingIpIds))
    .orderBy('id')
    .execute();
  return rows.map(portForwardingOf);
};

/** The port forwardings that lead to ports. One query. */
export const forwardingsToPorts = async (
  reader: Reader,
  portIds: readonly string[],
): Promise<readonly PortForwarding[]> => {
  const rows = await reader.query
    .selectFrom('port_forwardings')
    .selectAll()
    .where('internal_port_id', 'in', eachOf(portIds))
    .execute();
  return rows.map(portForwardingOf);
};
