import type { Database } from '../../../db/database.ts';
import type { HostPhysicalNetworksTable } from '../../../db/segment-tables.ts';
import type { ChassisView } from './chassis.ts';

const keyOf = (row: HostPhysicalNetworksTable): string => JSON.stringify([row.host, row.physical_network]);

const wantedOf = (chassis: readonly ChassisView[]): ReadonlyMap<string, HostPhysicalNetworksTable> => {
  const rows = chassis.flatMap(({ hostname, bridgeMappings }) =>
    [...bridgeMappings.keys()].map((name) => ({ host: hostname, physical_network: name })),
  );
  return new Map(rows.map((row) => [keyOf(row), row]));
};

/**
 * Let SQL say which physical networks each host is on, as bridge mappings do: addresses on routed networks follow from
 * it. Writes only what differs.
 */
export const keepHostNetworks = async (
  database: Database,
  chassis: readonly ChassisView[],
): Promise<void> => {
  const wanted = wantedOf(chassis);
  const held = await database.read(({ query }) =>
    query.selectFrom('host_physical_networks').selectAll().execute(),
  );
  const known = new Set(held.map(keyOf));
  const stale = held.filter((row) => !wanted.has(keyOf(row)));
  const missing = [...wanted].filter(([key]) => !known.has(key)).map(([, row]) => row);
  if (stale.length + missing.length === 0) return;
  await database.transaction(async ({ query }) => {
    for (const row of stale)
      await query
        .deleteFrom('host_physical_networks')
        .where('host', '=', row.host)
        .where('physical_network', '=', row.physical_network)
        .execute();
    // Another process may have been told the same.
    for (const row of missing)
      await query
        .insertInto('host_physical_networks')
        .values(row)
        .onConflict((conflict) => conflict.doNothing())
        .execute();
  });
};
