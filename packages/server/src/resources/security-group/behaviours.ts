import type { Ids } from '../../core/ids.ts';
import type { StoredBehaviour } from '../../engine/contract.ts';
import { serviceContext, type Write } from '../../ml2/write.ts';
import type { Quota } from '../quota.ts';
import { ensureDefaultSecurityGroup, findDefaultGroup } from './default-group.ts';
import { createSecurityGroupBehaviour } from './group-behaviour.ts';
import { createSecurityGroupRuleBehaviour } from './rule-behaviour.ts';
import { createDefaultRuleBehaviour } from './template-behaviour.ts';

export interface SecurityGroupOptions {
  readonly ids: Ids;
  /** For making the default group of a project that has none yet. */
  readonly write: Write;
  readonly quota: Quota;
}

/** Security groups, their rules, and the templates of rules. */
export interface SecurityGroupBehaviours {
  readonly groups: ReturnType<typeof createSecurityGroupBehaviour>;
  readonly rules: ReturnType<typeof createSecurityGroupRuleBehaviour>;
  readonly templates: ReturnType<typeof createDefaultRuleBehaviour>;
}

/** The first touch of groups or rules by a project gives it its default group. */
export const createSecurityGroupBehaviours = ({
  ids,
  write,
  quota,
}: SecurityGroupOptions): SecurityGroupBehaviours => {
  const prepare: NonNullable<StoredBehaviour['prepare']> = async (database, { projectId, requestId }) => {
    if (projectId === '') return;
    const found = await database.read((reader) => findDefaultGroup(reader, projectId));
    if (found !== undefined) return;
    const { changes } = await write(serviceContext(requestId), true, (step) =>
      ensureDefaultSecurityGroup(step, ids, projectId),
    );
    await changes.postcommit();
  };
  return {
    groups: createSecurityGroupBehaviour({ ids, quota }, prepare),
    rules: createSecurityGroupRuleBehaviour(ids, prepare),
    templates: createDefaultRuleBehaviour(ids),
  };
};
