import { type CreateOf, LOGGABLE_TYPES, type Log, log, loggableResource, type UpdateOf } from '@ovenbird/api';
import type { Ids } from '../../core/ids.ts';
import type { LogsTable } from '../../db/log-tables.ts';
import type { ComputedBehaviour, StoredBehaviour, WriteStep } from '../../engine/contract.ts';
import { flagOf } from '../columns.ts';
import { insertRows } from '../insert.ts';
import { requireLoggable } from './require.ts';
import { logOf, logStore } from './store.ts';

type Body = CreateOf<typeof log>;

const rowOf = ({ tx, context, isAdmin }: WriteStep, id: string, body: Body): LogsTable => ({
  id,
  project_id: body.project_id ?? context.projectId,
  name: body.name,
  description: body.description,
  resource_type: body.resource_type,
  resource_id: body.resource_id,
  event: body.event,
  target_id: body.target_id,
  enabled: flagOf(body.enabled),
  // What is dropped for want of a rule belongs to no project, so only an administrator has all of it written down.
  all_projects: flagOf(isAdmin && body.resource_id === null && body.target_id === null),
  created_at: tx.now,
  updated_at: tx.now,
  revision_number: 1,
});

const create = async (ids: Ids, step: WriteStep, bodies: readonly Body[]): Promise<readonly Log[]> => {
  const rows = bodies.map((body) => rowOf(step, ids.uuid(), body));
  for (const [index, body] of bodies.entries())
    await requireLoggable(step, body, rows[index]?.project_id ?? '');
  await insertRows(step.tx, 'logs', rows);
  const made = rows.map(logOf);
  for (const current of made) step.changes.record({ kind: 'log', action: 'create', id: current.id, current });
  return made;
};

const update = async (
  { tx, changes }: WriteStep,
  original: Log,
  body: UpdateOf<typeof log>,
): Promise<Log> => {
  const { name = original.name, description = original.description, enabled = original.enabled } = body;
  const same = name === original.name && description === original.description && enabled === original.enabled;
  if (same) return original;
  const revision = { revision_number: original.revision_number + 1, updated_at: tx.now };
  await tx.query
    .updateTable('logs')
    .set({ name, description, enabled: flagOf(enabled), ...revision })
    .where('id', '=', original.id)
    .execute();
  const current = { ...original, name, description, enabled, ...revision };
  changes.record({ kind: 'log', action: 'update', id: current.id, original, current });
  return current;
};

/** Logs of security groups. What a log is about never changes; it is switched on and off. */
export const createLogBehaviour = (ids: Ids): StoredBehaviour<typeof log> => ({
  kind: 'stored',
  definition: log,
  store: logStore,
  create: (step, bodies) => create(ids, step, bodies),
  update,
  async delete({ tx, changes }, original) {
    await tx.query.deleteFrom('logs').where('id', '=', original.id).execute();
    changes.record({ kind: 'log', action: 'delete', id: original.id, original });
  },
});

/** What can be logged. */
export const createLoggableResourceBehaviour = (): ComputedBehaviour<typeof loggableResource> => ({
  kind: 'computed',
  definition: loggableResource,
  all: async () => LOGGABLE_TYPES.map((type) => ({ type })),
});
