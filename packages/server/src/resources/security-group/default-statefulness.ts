import {
  type CreateOf,
  SecurityGroupDefaultStatefulnessAlreadyExists,
  type SecurityGroupsDefaultStatefulness,
  securityGroupsDefaultStatefulness,
} from '@ovenbird/api';
import type { Ids } from '../../core/ids.ts';
import type { Reader } from '../../db/database.ts';
import { eachOf } from '../../db/query/each-of.ts';
import type { SecurityGroupDefaultStatefulnessTable } from '../../db/service-tables.ts';
import type { ResourceStore, StoredBehaviour, WriteStep } from '../../engine/contract.ts';
import { flag, flagOf, plainColumns } from '../columns.ts';
import { insertRows } from '../insert.ts';
import { lostRace } from '../port/lost-race.ts';

type Default = SecurityGroupsDefaultStatefulness;

/** In SQL, the default of all projects belongs to a project without a name. */
const EVERYBODY = '';

const defaultOf = (row: SecurityGroupDefaultStatefulnessTable): Default => ({
  id: row.id,
  project_id: row.project_id === EVERYBODY ? null : row.project_id,
  stateful: row.stateful === 1,
});

const store: ResourceStore<Default> = {
  table: 'security_group_default_statefulness',
  columns: { ...plainColumns(['id', 'project_id']), stateful: flag('stateful') },
  filters: {},
  // The rows were read from the table, all columns.
  assemble: async (_reader, rows) =>
    (rows as readonly unknown[] as readonly SecurityGroupDefaultStatefulnessTable[]).map(defaultOf),
};

const create = async (
  ids: Ids,
  { tx, context }: WriteStep,
  body: CreateOf<typeof securityGroupsDefaultStatefulness>,
): Promise<Default> => {
  const projectId = body.project_id === undefined ? context.projectId : (body.project_id ?? EVERYBODY);
  const row = { id: ids.uuid(), project_id: projectId, stateful: flagOf(body.stateful) };
  const other = await tx.query
    .selectFrom('security_group_default_statefulness')
    .select('id')
    .where('project_id', '=', projectId)
    .executeTakeFirst();
  if (other !== undefined)
    throw SecurityGroupDefaultStatefulnessAlreadyExists({ projectId: projectId || 'system-wide' });
  await insertRows(tx, 'security_group_default_statefulness', [row]).catch((error: unknown) => {
    throw lostRace(error);
  });
  return defaultOf(row);
};

/** Defaults of `stateful`: at most one a project, and one for all others. */
export const createDefaultStatefulnessBehaviour = (
  ids: Ids,
): StoredBehaviour<typeof securityGroupsDefaultStatefulness> => ({
  kind: 'stored',
  definition: securityGroupsDefaultStatefulness,
  store,
  create: async (step, bodies) => {
    const made: Default[] = [];
    for (const body of bodies) made.push(await create(ids, step, body));
    return made;
  },
  async update({ tx }, current, { stateful = current.stateful }) {
    await tx.query
      .updateTable('security_group_default_statefulness')
      .set({ stateful: flagOf(stateful) })
      .where('id', '=', current.id)
      .execute();
    return { ...current, stateful };
  },
  async delete({ tx }, current) {
    await tx.query.deleteFrom('security_group_default_statefulness').where('id', '=', current.id).execute();
  },
});

/** Whether new groups of each of these projects are stateful. One query. */
export const defaultStatefulness = async (
  reader: Reader,
  projects: readonly string[],
): Promise<(projectId: string) => boolean> => {
  const rows = await reader.query
    .selectFrom('security_group_default_statefulness')
    .select(['project_id', 'stateful'])
    .where('project_id', 'in', eachOf([...new Set([EVERYBODY, ...projects])]))
    .execute();
  const known = new Map(rows.map((row) => [row.project_id, row.stateful === 1]));
  return (projectId) => known.get(projectId) ?? known.get(EVERYBODY) ?? true;
};
