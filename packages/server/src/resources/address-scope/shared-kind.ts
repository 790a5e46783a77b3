import { AddressScopeNotFound } from '@ovenbird/api';
import { ownerIn, type SharedKind } from '../rbac-policy/shared-kind.ts';

/** Address scopes as objects of entries: used by subnet pools. */
export const addressScopeSharing: SharedKind = {
  type: 'address_scope',
  actions: ['access_as_shared'],
  notFound: (id) => AddressScopeNotFound({ id }),
  owner: ownerIn('address_scopes'),
  async users(reader, id) {
    const pools = await reader.query
      .selectFrom('subnetpools')
      .select('project_id')
      .distinct()
      .where('address_scope_id', '=', id)
      .execute();
    return new Set(pools.map((row) => row.project_id));
  },
};
