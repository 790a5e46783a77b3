import {
  type SecurityGroup,
  SecurityGroupCannotRemoveDefault,
  SecurityGroupCannotUpdateDefault,
  SecurityGroupInUse,
  securityGroup,
  type UpdateOf,
} from '@ovenbird/api';
import type { Reader } from '../../db/database.ts';
import type { StoredBehaviour, WriteStep } from '../../engine/contract.ts';
import { removeLogsAbout } from '../log/follow.ts';
import { createGroups, type GroupParts } from './create-groups.ts';
import { loadGroups, securityGroupStore } from './group-store.ts';
import { removeRulesAbout } from './remove-rules.ts';
import { defaultGroupsAmong } from './rule-store.ts';

const isDefault = async (reader: Reader, id: string): Promise<boolean> =>
  (await defaultGroupsAmong(reader, [id])).has(id);

const isUsed = async (reader: Reader, id: string): Promise<boolean> => {
  const port = await reader.query
    .selectFrom('port_security_groups')
    .select('port_id')
    .where('security_group_id', '=', id)
    .limit(1)
    .executeTakeFirst();
  return port !== undefined;
};

const update = async (
  { tx, changes }: WriteStep,
  original: SecurityGroup,
  body: UpdateOf<typeof securityGroup>,
): Promise<SecurityGroup> => {
  const renamed = body.name !== undefined && body.name !== original.name;
  const restated = body.stateful !== undefined && body.stateful !== original.stateful;
  const described = body.description !== undefined && body.description !== original.description;
  if (!renamed && !restated && !described) return original;
  if (renamed && (await isDefault(tx, original.id))) throw SecurityGroupCannotUpdateDefault();
  if (restated && (await isUsed(tx, original.id))) throw SecurityGroupInUse({ id: original.id });
  await tx.query
    .updateTable('security_groups')
    .set({
      ...(body.name === undefined ? {} : { name: body.name }),
      ...(body.description === undefined ? {} : { description: body.description }),
      ...(body.stateful === undefined ? {} : { stateful: body.stateful ? 1 : 0 }),
      updated_at: tx.now,
    })
    .set((eb) => ({ revision_number: eb('revision_number', '+', 1) }))
    .where('id', '=', original.id)
    .execute();
  const [current] = await loadGroups(tx, [original.id]);
  if (current === undefined) {
    throw new Error(`security group ${original.id} vanished within its own transaction`);
  }
  changes.record({ kind: 'security_group', action: 'update', id: current.id, original, current });
  return current;
};

const remove = async (step: WriteStep, group: SecurityGroup): Promise<void> => {
  const { tx, changes, isAdmin } = step;
  if (await isUsed(tx, group.id)) throw SecurityGroupInUse({ id: group.id });
  if (!isAdmin && (await isDefault(tx, group.id))) throw SecurityGroupCannotRemoveDefault();
  await removeRulesAbout(step, group.id);
  await removeLogsAbout(step, 'resource_id', [{ id: group.id }]);
  await tx.query.deleteFrom('default_security_group_rules').where('remote_group_id', '=', group.id).execute();
  await tx.query
    .deleteFrom('rbac_entries')
    .where('object_type', '=', 'security_group')
    .where('object_id', '=', group.id)
    .execute();
  await tx.query.deleteFrom('tags').where('object_id', '=', group.id).execute();
  await tx.query.deleteFrom('security_groups').where('id', '=', group.id).execute();
  changes.record({ kind: 'security_group', action: 'delete', id: group.id, original: group });
};

/**
 * Security groups. A group that ports use stays, and stays as stateful as it is; the default group keeps its name and
 * only an administrator removes it.
 */
export const createSecurityGroupBehaviour = (
  parts: GroupParts,
  prepare: NonNullable<StoredBehaviour['prepare']>,
): StoredBehaviour<typeof securityGroup> => ({
  kind: 'stored',
  definition: securityGroup,
  store: securityGroupStore,
  prepare,
  create: (step, bodies) =>
    createGroups(
      step,
      parts,
      bodies.map((body) => ({
        projectId: body.project_id ?? step.context.projectId,
        name: body.name,
        description: body.description,
        stateful: body.stateful,
        isDefault: false,
      })),
    ),
  update,
  delete: remove,
});
