import { EVERY_PROJECT, InvalidInput, SubnetPoolNotFound } from '@ovenbird/api';
import { ownerIn, type SharedKind } from '../rbac-policy/shared-kind.ts';
import { targetsOf } from '../sharing.ts';
import { poolRows } from './store.ts';

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
  async checkTarget(reader, id, target) {
    const [pool] = await poolRows(reader, [id]);
    const scope = pool?.address_scope_id ?? undefined;
    if (scope === undefined) return;
    const targets = await targetsOf(reader, { type: 'address_scope', id: scope }, 'access_as_shared');
    if (targets.has(EVERY_PROJECT) || targets.has(target)) return;
    throw InvalidInput({
      message:
        `Failed to create RBAC policy on object ${id} because target project doesn't have access to ` +
        'associated address scope',
    });
  },
};
