import {
  type CreateOf,
  EVERY_PROJECT,
  InvalidSharedSetting,
  QoSPolicyDefaultAlreadyExists,
  type QosPolicy,
  QosPolicyInUse,
  qosPolicy,
  type UpdateOf,
} from '@ovenbird/api';
import type { Ids } from '../../core/ids.ts';
import type { Transaction } from '../../db/database.ts';
import type { QosPoliciesTable } from '../../db/qos-tables.ts';
import type { StoredBehaviour, WriteStep } from '../../engine/contract.ts';
import { flagOf } from '../columns.ts';
import { insertRows } from '../insert.ts';
import { openEntry, removeEntries, targetsOf } from '../sharing.ts';
import { projectsUsingPolicy } from './shared-kind.ts';
import { loadPolicy, policyOf, qosPolicyStore } from './store.ts';

const TYPE = 'qos_policy';

const requireNoDefault = async (tx: Transaction, projectId: string): Promise<void> => {
  const found = await tx.query
    .selectFrom('qos_policies')
    .select('id')
    .where('project_id', '=', projectId)
    .where('is_default', '=', 1)
    .limit(1)
    .executeTakeFirst();
  if (found !== undefined) throw QoSPolicyDefaultAlreadyExists({ projectId });
};

const createOne = async (
  ids: Ids,
  { tx, context }: WriteStep,
  body: CreateOf<typeof qosPolicy>,
): Promise<QosPolicy> => {
  const row: QosPoliciesTable = {
    id: ids.uuid(),
    project_id: body.project_id ?? context.projectId,
    name: body.name,
    description: body.description,
    is_default: flagOf(body.is_default),
    created_at: tx.now,
    updated_at: tx.now,
    revision_number: 1,
  };
  if (body.is_default) await requireNoDefault(tx, row.project_id);
  await insertRows(tx, 'qos_policies', [row]);
  const object = { type: TYPE, id: row.id, projectId: row.project_id } as const;
  if (body.shared) await insertRows(tx, 'rbac_entries', [openEntry(ids, object)]);
  return policyOf(row, { rules: [], shared: body.shared, tags: [] });
};

/** Throws ApiError InvalidSharedSetting when projects without an entry of their own would lose the policy. */
const setShared = async (ids: Ids, { tx }: WriteStep, policy: QosPolicy, shared: boolean): Promise<void> => {
  const object = { type: TYPE, id: policy.id, projectId: policy.project_id ?? '' } as const;
  if (shared) return insertRows(tx, 'rbac_entries', [openEntry(ids, object)]);
  const granted = await targetsOf(tx, object, 'access_as_shared');
  const users = await projectsUsingPolicy(tx, policy.id);
  if ([...users].some((user) => !granted.has(user))) throw InvalidSharedSetting({ network: policy.id });
  await tx.query
    .deleteFrom('rbac_entries')
    .where('object_type', '=', TYPE)
    .where('object_id', '=', policy.id)
    .where('target_project', '=', EVERY_PROJECT)
    .execute();
};

const update = async (
  ids: Ids,
  step: WriteStep,
  current: QosPolicy,
  body: UpdateOf<typeof qosPolicy>,
): Promise<QosPolicy> => {
  const { tx } = step;
  const { name = current.name, description = current.description } = body;
  const { is_default: isDefault = current.is_default } = body;
  const open = (await targetsOf(tx, { type: TYPE, id: current.id }, 'access_as_shared')).has(EVERY_PROJECT);
  const resharing = body.shared !== undefined && body.shared !== open;
  const same =
    name === current.name && description === current.description && isDefault === current.is_default;
  if (same && !resharing) return current;
  if (isDefault && !current.is_default) await requireNoDefault(tx, current.project_id ?? '');
  if (resharing) await setShared(ids, step, current, body.shared === true);
  await tx.query
    .updateTable('qos_policies')
    .set({ name, description, is_default: flagOf(isDefault), updated_at: tx.now })
    .set((eb) => ({ revision_number: eb('revision_number', '+', 1) }))
    .where('id', '=', current.id)
    .execute();
  return loadPolicy(tx, current.id);
};

const USERS = [
  ['qos_network_policies', 'network_id', 'network'],
  ['qos_port_policies', 'port_id', 'port'],
  ['floating_ips', 'id', 'floatingip'],
  ['router_ports', 'router_id', 'router'],
] as const;

const remove = async ({ tx }: WriteStep, { id }: QosPolicy): Promise<void> => {
  for (const [table, column, objectType] of USERS) {
    const used = await tx.query
      .selectFrom(table)
      .select(column)
      .where('qos_policy_id', '=', id)
      .limit(1)
      .executeTakeFirst();
    if (used !== undefined) throw QosPolicyInUse({ id, objectType, objectId: Object.values(used).join() });
  }
  await removeEntries(tx, TYPE, [id]);
  await tx.query.deleteFrom('tags').where('object_id', '=', id).execute();
  await tx.query.deleteFrom('qos_policies').where('id', '=', id).execute();
};

/** QoS policies. One that is used stays; a project has at most one default, which its new networks get. */
export const createQosPolicyBehaviour = (ids: Ids): StoredBehaviour<typeof qosPolicy> => ({
  kind: 'stored',
  definition: qosPolicy,
  store: qosPolicyStore,
  async create(step, bodies) {
    const made: QosPolicy[] = [];
    for (const body of bodies) made.push(await createOne(ids, step, body));
    return made;
  },
  update: (step, current, body) => update(ids, step, current, body),
  delete: remove,
});
