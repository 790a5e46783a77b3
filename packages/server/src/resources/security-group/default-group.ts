import type { Ids } from '../../core/ids.ts';
import { type Reader, RetryTransaction, UniqueViolation } from '../../db/database.ts';
import { type Given, prepared } from '../../db/query/prepared.ts';
import type { WriteStep } from '../../engine/contract.ts';
import { createGroups } from './create-groups.ts';

const NAME = 'default';
const DESCRIPTION = 'Default security group';

const defaultGroups = prepared((query, given: Given<{ projectId: string }>) =>
  query
    .selectFrom('default_security_groups')
    .select('security_group_id')
    .where('project_id', '=', given.one('projectId')),
);

/** The id of the project's default group, if it has one yet. */
export const findDefaultGroup = async (reader: Reader, projectId: string): Promise<string | undefined> => {
  const [row] = await defaultGroups(reader, { projectId });
  return row?.security_group_id;
};

/**
 * The id of the project's default group, made and recorded when it is missing. Of two transactions that make it at once
 * one is repeated and finds it.
 */
export const ensureDefaultSecurityGroup = async (
  step: Pick<WriteStep, 'tx' | 'changes'>,
  ids: Ids,
  projectId: string,
): Promise<string> => {
  const { tx } = step;
  const found = await findDefaultGroup(tx, projectId);
  if (found !== undefined) return found;
  const draft = { projectId, name: NAME, description: DESCRIPTION, stateful: undefined, isDefault: true };
  const [group] = await createGroups(step, { ids }, [draft]);
  if (group === undefined) throw new Error('a group was asked for and none was made');
  try {
    await tx.query
      .insertInto('default_security_groups')
      .values({ project_id: projectId, security_group_id: group.id })
      .execute();
  } catch (error) {
    if (error instanceof UniqueViolation) throw new RetryTransaction('default group race', { cause: error });
    throw error;
  }
  return group.id;
};
