import {
  FlavorDisabled,
  FlavorNotFound,
  FlavorServiceProfileBindingNotFound,
  ServiceProfileDisabled,
  ServiceProfileDriverNotFound,
  type ServiceProvider,
} from '@ovenbird/api';
import type { Transaction } from '../../db/database.ts';
import { eachOf } from '../../db/query/each-of.ts';
import { providerOf } from './providers.ts';

const ROUTING = 'L3_ROUTER_NAT';

/**
 * Flavors that new routers name exist, are in service, and are carried out by a provider of routing. One query.
 *
 * @throws ApiError 404 FlavorNotFound, FlavorServiceProfileBindingNotFound or ServiceProfileDriverNotFound; 503
 *   FlavorDisabled or ServiceProfileDisabled
 */
export const requireRouterFlavors = async (
  tx: Transaction,
  providers: readonly ServiceProvider[],
  ids: readonly string[],
): Promise<void> => {
  if (ids.length === 0) return;
  const rows = await tx.query
    .selectFrom('flavors')
    .leftJoin('flavor_service_profiles as bound', 'bound.flavor_id', 'flavors.id')
    .leftJoin('service_profiles as profile', 'profile.id', 'bound.service_profile_id')
    .select(['flavors.id', 'flavors.enabled', 'profile.driver', 'profile.enabled as in_service'])
    .where('flavors.id', 'in', eachOf(ids))
    .orderBy('bound.position')
    .execute();
  for (const id of ids) {
    // The first profile decides, as in the reference.
    const found = rows.find((row) => row.id === id);
    if (found === undefined) throw FlavorNotFound({ id });
    if (found.enabled === 0) throw FlavorDisabled({});
    if (found.driver === null) throw FlavorServiceProfileBindingNotFound({ profileId: '', flavorId: id });
    if (found.in_service === 0) throw ServiceProfileDisabled({});
    const { driver } = found;
    if (providerOf(providers, driver).service_type !== ROUTING)
      throw ServiceProfileDriverNotFound({ driver });
  }
};
