import { SecurityGroupConflict, SecurityGroupNotFound } from '@ovenbird/api';
import { eachOf } from '../../db/query/each-of.ts';
import type { WriteStep } from '../../engine/contract.ts';

/** Groups that a request names for one port. */
export interface GroupsWanted {
  /** The port's project. */
  readonly projectId: string;
  readonly groups: readonly string[];
}

interface Group {
  readonly projectId: string;
  readonly stateful: boolean;
}

const readGroups = async (step: WriteStep, ids: readonly string[]): Promise<ReadonlyMap<string, Group>> => {
  const rows = await step.tx.query
    .selectFrom('security_groups')
    .select(['id', 'project_id', 'stateful'])
    .where('id', 'in', eachOf(ids))
    .execute();
  return new Map(rows.map((row) => [row.id, { projectId: row.project_id, stateful: row.stateful === 1 }]));
};

/** Projects that may use a group of another project, `*` for all, by group id. Asked only when it matters. */
const readGrants = async (step: WriteStep, ids: readonly string[]): Promise<ReadonlySet<string>> => {
  const rows = await step.tx.query
    .selectFrom('rbac_entries')
    .select(['object_id', 'target_project'])
    .where('object_type', '=', 'security_group')
    .where('object_id', 'in', eachOf(ids))
    .execute();
  return new Set(rows.map((row) => `${row.object_id} ${row.target_project}`));
};

const checkMix = (groups: readonly Group[]): void => {
  if (new Set(groups.map((group) => group.stateful)).size < 2) return;
  throw SecurityGroupConflict({
    reason: 'Cannot apply both stateful and stateless security groups on the same port at the same time',
  });
};

/**
 * Check the groups that ports are to have: they exist, are the project's own or shared with it (an administrator may take
 * any), and are all stateful or all stateless. One query, two where groups of other projects are named.
 *
 * @throws ApiError SecurityGroupNotFound, SecurityGroupConflict
 */
export const checkSecurityGroups = async (
  step: WriteStep,
  wanted: readonly GroupsWanted[],
): Promise<void> => {
  const ids = [...new Set(wanted.flatMap((want) => want.groups))];
  if (ids.length === 0) return;
  const groups = await readGroups(step, ids);
  const foreign = step.isAdmin
    ? []
    : wanted.flatMap((want) => want.groups.filter((id) => groups.get(id)?.projectId !== want.projectId));
  const grants = foreign.length === 0 ? new Set<string>() : await readGrants(step, foreign);
  for (const want of wanted) {
    const found = want.groups.map((id) => {
      const group = groups.get(id);
      const usable =
        group !== undefined &&
        (step.isAdmin ||
          group.projectId === want.projectId ||
          grants.has(`${id} *`) ||
          grants.has(`${id} ${want.projectId}`));
      if (!usable) throw SecurityGroupNotFound({ id });
      return group;
    });
    checkMix(found);
  }
};
