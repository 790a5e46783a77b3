import type { Flavor } from '@ovenbird/api';
import type { Reader } from '../../db/database.ts';
import type { FlavorsTable } from '../../db/flavor-tables.ts';
import { eachOf } from '../../db/query/each-of.ts';
import type { ResourceStore } from '../../engine/contract.ts';
import { flag, plainColumns } from '../columns.ts';
import { listsBy } from '../tags.ts';

/** Profiles that flavors are bound to, by flavor, in order of binding. One query. */
export const profilesOf = async (
  reader: Reader,
  flavorIds: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> => {
  const rows = await reader.query
    .selectFrom('flavor_service_profiles')
    .select(['flavor_id', 'service_profile_id'])
    .where('flavor_id', 'in', eachOf(flavorIds))
    .orderBy('position')
    .orderBy('service_profile_id')
    .execute();
  return listsBy(rows, (row) => [row.flavor_id, row.service_profile_id]);
};

/** A row and what it is bound to → the resource. */
export const flavorOf = (row: FlavorsTable, profiles: readonly string[]): Flavor => ({
  id: row.id,
  name: row.name,
  description: row.description,
  // Only what the definition's own type accepted was stored.
  service_type: row.service_type as Flavor['service_type'],
  enabled: row.enabled === 1,
  service_profiles: profiles,
});

export const flavorStore: ResourceStore<Flavor> = {
  table: 'flavors',
  columns: {
    ...plainColumns(['id', 'name', 'description', 'service_type']),
    enabled: flag('enabled'),
  },
  filters: {},
  everybody: true,
  async assemble(reader, rows, wanted) {
    const wants = rows.length > 0 && (wanted === undefined || wanted.has('service_profiles'));
    // The rows were read from `flavors`, all columns.
    const flavors = rows as readonly unknown[] as readonly FlavorsTable[];
    const ids = flavors.map((row) => row.id);
    const profiles = wants ? await profilesOf(reader, ids) : undefined;
    return flavors.map((row) => flavorOf(row, profiles?.get(row.id) ?? []));
  },
};
