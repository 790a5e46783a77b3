import { AddressGroupNotFound } from '@ovenbird/api';
import { ownerIn, type SharedKind } from '../rbac-policy/shared-kind.ts';

/** Address groups as objects of entries: used by rules of security groups. */
export const addressGroupSharing: SharedKind = {
  type: 'address_group',
  actions: ['access_as_shared'],
  notFound: (id) => AddressGroupNotFound({ id }),
  owner: ownerIn('address_groups'),
  async users(reader, id) {
    const rules = await reader.query
      .selectFrom('security_group_rules')
      .select('project_id')
      .distinct()
      .where('remote_address_group_id', '=', id)
      .execute();
    return new Set(rules.map((row) => row.project_id));
  },
};
