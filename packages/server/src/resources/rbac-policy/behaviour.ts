import {
  type CreateOf,
  DuplicateRbacPolicy,
  EVERY_PROJECT,
  InvalidActionForType,
  InvalidInput,
  type RbacPolicy,
  RbacPolicyInUse,
  rbacPolicy,
  type UpdateOf,
} from '@ovenbird/api';
import type { Ids } from '../../core/ids.ts';
import type { Reader } from '../../db/database.ts';
import type { RbacEntriesTable } from '../../db/tables.ts';
import type { ResourceStore, StoredBehaviour, WriteStep } from '../../engine/contract.ts';
import { plainColumns } from '../columns.ts';
import { insertRows } from '../insert.ts';
import { type SharingAction, targetsFor, targetsOf } from '../sharing.ts';
import type { SharedKind } from './shared-kind.ts';

const policyOf = (row: RbacEntriesTable): RbacPolicy => ({
  id: row.id,
  project_id: row.project_id,
  // Only what the definition's own type accepted was stored.
  object_type: row.object_type as RbacPolicy['object_type'],
  object_id: row.object_id,
  target_tenant: row.target_project,
  action: row.action,
});

const store: ResourceStore<RbacPolicy> = {
  table: 'rbac_entries',
  columns: {
    ...plainColumns(['id', 'project_id', 'object_type', 'object_id', 'action']),
    target_tenant: { column: 'target_project', encode: (value) => String(value) },
  },
  filters: {},
  // The rows were read from `rbac_entries`, all columns.
  assemble: async (_reader, rows) =>
    (rows as readonly unknown[] as readonly RbacEntriesTable[]).map(policyOf),
};

const actionOf = (kind: SharedKind, action: string): SharingAction => {
  const found = kind.actions.find((valid) => valid === action);
  if (found === undefined) throw InvalidActionForType({ action, objectType: kind.type, valid: kind.actions });
  return found;
};

/** Only the owner, or an administrator, gives an object away; whoever does not even see it learns nothing of it. */
const checkOwner = async (
  { tx, isAdmin, context }: WriteStep,
  kind: SharedKind,
  id: string,
): Promise<void> => {
  const owner = await kind.owner(tx, id);
  if (owner === undefined) throw kind.notFound(id);
  if (isAdmin || owner === context.projectId) return;
  for (const action of kind.actions) {
    const targets = await targetsOf(tx, { type: kind.type, id }, action);
    if (targetsFor(context.projectId).some((target) => targets.has(target)))
      throw InvalidInput({ message: 'Only admins can manipulate policies on objects they do not own' });
  }
  throw kind.notFound(id);
};

const checkNew = async (reader: Reader, row: Omit<RbacEntriesTable, 'id' | 'project_id'>): Promise<void> => {
  const targets = await targetsOf(
    reader,
    // Callers take the type from a kind and the action from its list.
    { type: row.object_type as RbacPolicy['object_type'], id: row.object_id },
    row.action as SharingAction,
  );
  if (targets.has(row.target_project)) throw DuplicateRbacPolicy();
};

/**
 * Nobody loses an object that it uses: every user keeps an entry of its own, one for all, or is the owner.
 *
 * @param replacement the target that takes the place of the policy's; undefined: none
 * @throws RbacPolicyInUse 409
 */
const checkUnused = async (
  { tx }: WriteStep,
  kind: SharedKind,
  policy: RbacPolicy,
  replacement: string | undefined,
): Promise<void> => {
  const action = actionOf(kind, policy.action);
  const left = new Set(await targetsOf(tx, { type: kind.type, id: policy.object_id }, action));
  left.delete(policy.target_tenant);
  if (replacement !== undefined && kind.strict !== true) left.add(replacement);
  if (left.has(EVERY_PROJECT)) return;
  const inNeed = policy.target_tenant === EVERY_PROJECT;
  const details = inNeed ? await kind.mustStayOpen?.(tx, policy.object_id, action) : undefined;
  if (details !== undefined) throw RbacPolicyInUse({ objectId: policy.object_id, details });
  const owner = await kind.owner(tx, policy.object_id);
  const users = await kind.users(tx, policy.object_id, action);
  const losing = policy.target_tenant === EVERY_PROJECT ? [...users] : [policy.target_tenant];
  for (const project of losing) {
    const counts = kind.strict === true || project !== owner;
    if (counts && users.has(project) && !left.has(project)) {
      throw RbacPolicyInUse({ objectId: policy.object_id, details: `project_id=${policy.target_tenant}` });
    }
  }
};

/** Run a change of the entries about an object with what follows from it. */
const within = (
  step: WriteStep,
  kind: SharedKind,
  objectId: string,
  change: () => Promise<void>,
): Promise<void> => kind.changing?.(step, objectId, change) ?? change();

const createOne = async (
  ids: Ids,
  step: WriteStep,
  kind: SharedKind,
  body: CreateOf<typeof rbacPolicy>,
): Promise<RbacPolicy> => {
  const row: RbacEntriesTable = {
    id: ids.uuid(),
    project_id: body.project_id ?? step.context.projectId,
    object_type: kind.type,
    object_id: body.object_id,
    action: actionOf(kind, body.action),
    target_project: body.target_tenant,
  };
  await checkOwner(step, kind, body.object_id);
  await checkNew(step.tx, row);
  await kind.checkTarget?.(step.tx, body.object_id, body.target_tenant);
  await within(step, kind, body.object_id, () => insertRows(step.tx, 'rbac_entries', [row]));
  return policyOf(row);
};

const update = async (
  step: WriteStep,
  kind: SharedKind,
  current: RbacPolicy,
  body: UpdateOf<typeof rbacPolicy>,
): Promise<RbacPolicy> => {
  const target = body.target_tenant;
  if (target === undefined || target === current.target_tenant) return current;
  await checkOwner(step, kind, current.object_id);
  await checkNew(step.tx, { ...current, target_project: target });
  await kind.checkTarget?.(step.tx, current.object_id, target);
  await checkUnused(step, kind, current, target);
  await within(step, kind, current.object_id, async () => {
    await step.tx.query
      .updateTable('rbac_entries')
      .set({ target_project: target })
      .where('id', '=', current.id)
      .execute();
  });
  return { ...current, target_tenant: target };
};

const remove = async (step: WriteStep, kind: SharedKind, current: RbacPolicy): Promise<void> => {
  await checkUnused(step, kind, current, undefined);
  await within(step, kind, current.object_id, async () => {
    await step.tx.query.deleteFrom('rbac_entries').where('id', '=', current.id).execute();
  });
};

/** Grants of objects to other projects. `kinds` are the types of objects that there are. */
export const createRbacPolicyBehaviour = (
  ids: Ids,
  kinds: readonly SharedKind[],
): StoredBehaviour<typeof rbacPolicy> => {
  const kindOf = (type: RbacPolicy['object_type']): SharedKind => {
    const kind = kinds.find((one) => one.type === type);
    if (kind === undefined) throw new Error(`nobody knows objects of type ${type}`);
    return kind;
  };
  return {
    kind: 'stored',
    definition: rbacPolicy,
    store,
    async create(step, bodies) {
      const made: RbacPolicy[] = [];
      for (const body of bodies) made.push(await createOne(ids, step, kindOf(body.object_type), body));
      return made;
    },
    update: (step, current, body) => update(step, kindOf(current.object_type), current, body),
    delete: (step, current) => remove(step, kindOf(current.object_type), current),
  };
};
