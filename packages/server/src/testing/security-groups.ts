import type { CreateOf, SecurityGroup, securityGroup, securityGroupRule } from '@ovenbird/api';
import { type Ids, randomIds } from '../core/ids.ts';
import type { Database, Transaction } from '../db/database.ts';
import type { RequestContext } from '../identity/context.ts';
import { createTransactionChanges } from '../ml2/changes.ts';
import type { Change } from '../ml2/contract.ts';
import { createWriter, serviceContext } from '../ml2/write.ts';
import { createQuota } from '../resources/quota.ts';
import { createSecurityGroupBehaviours } from '../resources/security-group/behaviours.ts';
import { loadGroups } from '../resources/security-group/group-store.ts';
import type { TestDatabases } from './databases.ts';

type GroupBody = CreateOf<typeof securityGroup>;
type RuleBody = CreateOf<typeof securityGroupRule>;

export const memberOf = (projectId: string): RequestContext => ({
  ...serviceContext('req-test'),
  userName: 'somebody',
  projectId,
  roles: ['member'],
  systemScope: false,
});

/** A POST body of a group as the API's parser hands it on. */
export const groupBody = (projectId: string, given: Partial<GroupBody> = {}): GroupBody => ({
  project_id: projectId,
  name: 'g',
  description: '',
  stateful: true,
  ...given,
});

/** A POST body of a rule as the API's parser hands it on. */
export const ruleBody = (group: SecurityGroup, given: Partial<RuleBody> = {}): RuleBody => ({
  project_id: group.project_id,
  security_group_id: group.id,
  direction: 'ingress',
  ethertype: 'IPv4',
  protocol: null,
  port_range_min: null,
  port_range_max: null,
  remote_ip_prefix: null,
  remote_group_id: null,
  remote_address_group_id: null,
  description: '',
  ...given,
});

/** Security groups on a real database, with a driver that only remembers what it is told after commits. */
export const setUpSecurityGroups = async (databases: Pick<TestDatabases, 'open'>, ids: Ids = randomIds) => {
  const database = await databases.open();
  return securityGroupsOn(database, ids);
};

export const securityGroupsOn = (database: Database, ids: Ids = randomIds) => {
  const told: Change[] = [];
  const driver = {
    name: 'remembering',
    postcommit: async (changes: readonly Change[]) => void told.push(...changes),
    [Symbol.asyncDispose]: async () => undefined,
  };
  const failed = (name: string, _changes: readonly Change[], error: unknown) => {
    throw new Error(`driver ${name} failed`, { cause: error });
  };
  const write = createWriter({
    database,
    plugin: { changes: (tx: Transaction) => createTransactionChanges([driver], tx, failed) },
  });
  const quota = createQuota({ default: -1, limits: { security_group_rule: 30 } });
  const behaviours = createSecurityGroupBehaviours({ ids, write, quota });
  const group = async (id: string): Promise<SecurityGroup | undefined> =>
    (await database.read((reader) => loadGroups(reader, [id])))[0];
  return {
    database,
    told,
    behaviours,
    write,
    /** The group as it is now; throws when there is none. */
    async group(id: string): Promise<SecurityGroup> {
      const found = await group(id);
      if (found === undefined) throw new Error(`no group ${id}`);
      return found;
    },
    hasGroup: async (id: string) => (await group(id)) !== undefined,
    /** One committed write by a member of a project, told to the driver. */
    async as<T>(
      context: RequestContext,
      callback: Parameters<typeof write<T>>[2],
      isAdmin = false,
    ): Promise<T> {
      const { result, changes } = await write(context, isAdmin, callback);
      await changes.postcommit();
      return result;
    },
  };
};

export type SecurityGroupFixture = ReturnType<typeof securityGroupsOn>;
