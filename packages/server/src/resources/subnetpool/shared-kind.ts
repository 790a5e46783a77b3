import { SubnetPoolNotFound } from '@ovenbird/api';
import { ownerIn, type SharedKind } from '../rbac-policy/shared-kind.ts';

/** Subnet pools as objects of entries: used by subnets. */
export const subnetpoolSharing: SharedKind = {
  type: 'subnetpool',
  actions: ['access_as_shared'],
  notFound: (id) => SubnetPoolNotFound({ id }),
  owner: ownerIn('subnetpools'),
  async users(reader, id) {
    const subnets = await reader.query
      .selectFrom('subnets')
      .select('project_id')
      .distinct()
      .where('subnetpool_id', '=', id)
      .execute();
    return new Set(subnets.map((row) => row.project_id));
  },
};
