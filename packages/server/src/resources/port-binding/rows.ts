import type { Port, PortBinding } from '@ovenbird/api';
import type { Reader } from '../../db/database.ts';
import type { PortBindingsTable } from '../../db/tables.ts';

// These columns hold JSON that this program wrote from objects.
const dictIn = (json: string): { readonly [key: string]: unknown } =>
  JSON.parse(json) as { readonly [key: string]: unknown };

/** A row of `port_bindings` → the sub-resource. */
export const portBindingOf = (row: PortBindingsTable, port: Pick<Port, 'project_id'>): PortBinding => ({
  host: row.host,
  vif_type: row.vif_type,
  vif_details: dictIn(row.vif_details),
  // Only values of the API's own lists are written.
  vnic_type: row.vnic_type as PortBinding['vnic_type'],
  profile: dictIn(row.profile),
  status: row.status as PortBinding['status'],
  project_id: port.project_id,
});

/** All bindings of a port, the active one first. */
export const bindingsOf = async (reader: Reader, port: Port): Promise<readonly PortBinding[]> => {
  const rows = await reader.query
    .selectFrom('port_bindings')
    .selectAll()
    .where('port_id', '=', port.id)
    .orderBy('status')
    .orderBy('host')
    .execute();
  return rows.map((row) => portBindingOf(row, port));
};

/** The binding of a port to one host. */
export const bindingOf = async (
  reader: Reader,
  port: Pick<Port, 'id' | 'project_id'>,
  host: string,
): Promise<PortBinding | undefined> => {
  const row = await reader.query
    .selectFrom('port_bindings')
    .selectAll()
    .where('port_id', '=', port.id)
    .where('host', '=', host)
    .executeTakeFirst();
  return row === undefined ? undefined : portBindingOf(row, port);
};
