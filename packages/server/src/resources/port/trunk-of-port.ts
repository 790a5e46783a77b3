import { PortInUseAsSubPort, PortInUseAsTrunkParent, type TrunkDetails } from '@ovenbird/api';
import { sql } from 'kysely';
import type { Reader } from '../../db/database.ts';
import { eachOf } from '../../db/query/each-of.ts';
import { preparedByIds } from '../../db/query/prepared.ts';

type SubPortDetails = TrunkDetails['sub_ports'][number];

const trunkRows = preparedByIds((query, ids) =>
  query
    .selectFrom('trunks')
    .leftJoin('trunk_sub_ports as sub', 'sub.trunk_id', 'trunks.id')
    .leftJoin('ports', 'ports.id', 'sub.port_id')
    .select([
      'trunks.id',
      'trunks.port_id as parent',
      'sub.port_id',
      'sub.segmentation_type',
      'sub.segmentation_id',
      'ports.mac_address',
    ])
    .where('trunks.port_id', 'in', ids)
    .orderBy('sub.segmentation_id'),
);

/** The trunks of parent ports, by port id; other ports have none. One query. */
export const trunkDetailsOf = async (
  reader: Reader,
  portIds: readonly string[],
): Promise<ReadonlyMap<string, TrunkDetails>> => {
  const rows = await trunkRows(reader, portIds);
  const found = new Map<string, { trunk_id: string; sub_ports: SubPortDetails[] }>();
  for (const row of rows) {
    const details = found.get(row.parent) ?? { trunk_id: row.id, sub_ports: [] };
    found.set(row.parent, details);
    if (row.port_id === null || row.segmentation_type === null || row.segmentation_id === null) continue;
    details.sub_ports.push({
      port_id: row.port_id,
      segmentation_type: row.segmentation_type,
      segmentation_id: row.segmentation_id,
      mac_address: row.mac_address ?? '',
    });
  }
  return found;
};

/**
 * Check that no trunk needs these ports. One query.
 *
 * @throws ApiError PortInUseAsSubPort, PortInUseAsTrunkParent
 */
export const requireOutsideTrunks = async (reader: Reader, portIds: readonly string[]): Promise<void> => {
  const used = await reader.query
    .selectFrom('trunk_sub_ports')
    .select(['port_id', 'trunk_id', 'segmentation_type as below'])
    .where('port_id', 'in', eachOf(portIds))
    .unionAll(
      reader.query
        .selectFrom('trunks')
        .select(['port_id', 'id as trunk_id', sql<string>`''`.as('below')])
        .where('port_id', 'in', eachOf(portIds)),
    )
    .limit(1)
    .executeTakeFirst();
  if (used === undefined) return;
  const inUse = used.below === '' ? PortInUseAsTrunkParent : PortInUseAsSubPort;
  throw inUse({ portId: used.port_id, trunkId: used.trunk_id });
};
