import assert from 'node:assert/strict';
import { ApiError, type SecurityGroup } from '@ovenbird/api';
import { findDefaultGroup } from '../resources/security-group/default-group.ts';
import { groupBody, memberOf, ruleBody, type SecurityGroupFixture } from './security-groups.ts';

/** A member of project `p`. */
export const P = memberOf('p');
export const ADMIN = memberOf('admin');

/** Whether an error is an ApiError of this status and type; for assert.rejects. */
export const refused = (status: number, type: string) => (error: unknown) => {
  assert.ok(error instanceof ApiError, String(error));
  assert.deepEqual([error.status, error.type], [status, type]);
  return true;
};

export type GroupGiven = Parameters<typeof groupBody>[1];
export type RuleGiven = Parameters<typeof ruleBody>[1];

export const makeGroup = async (fixture: SecurityGroupFixture, given: GroupGiven = {}, project = 'p') => {
  const create = fixture.behaviours.groups.create;
  assert.ok(create);
  const [group] = await fixture.as(memberOf(project), (step) => create(step, [groupBody(project, given)]));
  assert.ok(group);
  return group;
};

export const makeRules = (
  fixture: SecurityGroupFixture,
  group: SecurityGroup,
  given: readonly RuleGiven[],
  isAdmin = false,
) => {
  const create = fixture.behaviours.rules.create;
  assert.ok(create);
  return fixture.as(
    P,
    (step) =>
      create(
        step,
        given.map((each) => ruleBody(group, each)),
      ),
    isAdmin,
  );
};

export const updateGroup = (
  fixture: SecurityGroupFixture,
  group: SecurityGroup,
  body: { readonly name?: string; readonly stateful?: boolean; readonly description?: string },
) => {
  const update = fixture.behaviours.groups.update;
  assert.ok(update);
  return fixture.as(P, (step) => update(step, group, body));
};

export const removeGroup = (fixture: SecurityGroupFixture, group: SecurityGroup, isAdmin = false) => {
  const remove = fixture.behaviours.groups.delete;
  assert.ok(remove);
  return fixture.as(P, (step) => remove(step, group), isAdmin);
};

/** The default group of a project after its first touch. */
export const touch = async (fixture: SecurityGroupFixture, project: string): Promise<SecurityGroup> => {
  await fixture.behaviours.groups.prepare?.(fixture.database, memberOf(project));
  const id = await fixture.database.read((reader) => findDefaultGroup(reader, project));
  assert.ok(id);
  return fixture.group(id);
};

/** A port in a group, with as little of a port as the schema takes. */
export const usePort = (fixture: SecurityGroupFixture, groupId: string) =>
  fixture.database.transaction(async ({ query, now }) => {
    const common = { project_id: 'p', name: '', description: '', created_at: now, updated_at: now };
    await query
      .insertInto('networks')
      .values({
        ...common,
        id: `n-${groupId}`,
        admin_state_up: 1,
        status: 'ACTIVE',
        mtu: 1500,
        port_security_enabled: 1,
        external: 0,
        is_default: 0,
        vlan_transparent: null,
        availability_zone_hints: '[]',
        dns_domain: '',
        revision_number: 1,
      })
      .execute();
    await query
      .insertInto('ports')
      .values({
        ...common,
        id: `p-${groupId}`,
        network_id: `n-${groupId}`,
        mac_address: 'fa:16:3e:00:00:01',
        admin_state_up: 1,
        status: 'DOWN',
        device_id: '',
        device_owner: '',
        port_security_enabled: 1,
        extra_dhcp_opts: '[]',
        ip_allocation: 'immediate',
        dns_name: '',
        dns_domain: '',
        traits: '{}',
        revision_number: 1,
      })
      .execute();
    await query
      .insertInto('port_security_groups')
      .values({ port_id: `p-${groupId}`, security_group_id: groupId })
      .execute();
  });

/** Direction, IP version and remote of each rule, in order. */
export const shape = (group: SecurityGroup) =>
  group.security_group_rules
    .map(
      (rule) => `${rule.direction} ${rule.ethertype} ${rule.remote_group_id === group.id ? 'self' : 'any'}`,
    )
    .sort();

/** A list request that asks for everything in order of id. */
export const everything = {
  filters: [],
  tagFilters: { all: [], any: [], notAll: [], notAny: [] },
  changedSince: undefined,
  fields: [],
  sorts: [{ attribute: 'id', descending: false }],
  limit: undefined,
  marker: undefined,
  pageReverse: false,
} as const;
