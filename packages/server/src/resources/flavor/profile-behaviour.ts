import {
  type ServiceProfile,
  ServiceProfileEmpty,
  ServiceProfileInUse,
  type ServiceProvider,
  serviceProfile,
} from '@ovenbird/api';
import type { Ids } from '../../core/ids.ts';
import type { Transaction } from '../../db/database.ts';
import type { ServiceProfilesTable } from '../../db/flavor-tables.ts';
import type { ResourceStore, StoredBehaviour } from '../../engine/contract.ts';
import { flag, flagOf, plainColumns } from '../columns.ts';
import { insertRows } from '../insert.ts';
import { providerOf } from './providers.ts';

const store: ResourceStore<ServiceProfile> = {
  table: 'service_profiles',
  columns: { ...plainColumns(['id', 'description', 'driver', 'metainfo']), enabled: flag('enabled') },
  filters: {},
  everybody: true,
  // The rows were read from `service_profiles`, all columns.
  assemble: async (_reader, rows) =>
    (rows as readonly unknown[] as readonly ServiceProfilesTable[]).map((row) => ({
      ...row,
      enabled: row.enabled === 1,
    })),
};

const rowOf = (profile: ServiceProfile): ServiceProfilesTable => ({
  ...profile,
  enabled: flagOf(profile.enabled),
});

const requireUnbound = async (tx: Transaction, id: string): Promise<void> => {
  const bound = await tx.query
    .selectFrom('flavor_service_profiles')
    .select('flavor_id')
    .where('service_profile_id', '=', id)
    .limit(1)
    .executeTakeFirst();
  if (bound !== undefined) throw ServiceProfileInUse({ id });
};

/** Service profiles. One that flavors are bound to neither changes nor goes. */
export const createServiceProfileBehaviour = (
  ids: Ids,
  providers: readonly ServiceProvider[],
): StoredBehaviour<typeof serviceProfile> => {
  const check = ({ driver, metainfo }: Pick<ServiceProfile, 'driver' | 'metainfo'>): void => {
    if (driver !== '') providerOf(providers, driver);
    else if (metainfo === '') throw ServiceProfileEmpty({});
  };
  return {
    kind: 'stored',
    definition: serviceProfile,
    store,
    async create({ tx }, bodies) {
      for (const body of bodies) check(body);
      const made = bodies.map((body) => ({ ...body, id: ids.uuid() }));
      await insertRows(tx, 'service_profiles', made.map(rowOf));
      return made;
    },
    async update({ tx }, current, body) {
      const next = { ...current, ...body };
      check(next);
      await requireUnbound(tx, current.id);
      await tx.query.updateTable('service_profiles').set(rowOf(next)).where('id', '=', current.id).execute();
      return next;
    },
    async delete({ tx }, { id }) {
      await requireUnbound(tx, id);
      await tx.query.deleteFrom('service_profiles').where('id', '=', id).execute();
    },
  };
};
