import assert from 'node:assert/strict';
import { it } from 'node:test';
import { ApiError, type SecurityGroup } from '@ovenbird/api';
import { openDatabase } from '../../db/open.ts';
import { listRows } from '../../db/query/rows.ts';
import { forEachDialect } from '../../testing/databases.ts';
import {
  groupBody,
  memberOf,
  ruleBody,
  type SecurityGroupFixture,
  securityGroupsOn,
  setUpSecurityGroups,
} from '../../testing/security-groups.ts';
import { findDefaultGroup } from './default-group.ts';

const P = memberOf('p');
const ADMIN = memberOf('admin');

const refused = (status: number, type: string) => (error: unknown) => {
  assert.ok(error instanceof ApiError, String(error));
  assert.deepEqual([error.status, error.type], [status, type]);
  return true;
};

type GroupGiven = Parameters<typeof groupBody>[1];
type RuleGiven = Parameters<typeof ruleBody>[1];

const makeGroup = async (fixture: SecurityGroupFixture, given: GroupGiven = {}, project = 'p') => {
  const create = fixture.behaviours.groups.create;
  assert.ok(create);
  const [group] = await fixture.as(memberOf(project), (step) => create(step, [groupBody(project, given)]));
  assert.ok(group);
  return group;
};

const makeRules = (
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

const updateGroup = (
  fixture: SecurityGroupFixture,
  group: SecurityGroup,
  body: { readonly name?: string; readonly stateful?: boolean; readonly description?: string },
) => {
  const update = fixture.behaviours.groups.update;
  assert.ok(update);
  return fixture.as(P, (step) => update(step, group, body));
};

const removeGroup = (fixture: SecurityGroupFixture, group: SecurityGroup, isAdmin = false) => {
  const remove = fixture.behaviours.groups.delete;
  assert.ok(remove);
  return fixture.as(P, (step) => remove(step, group), isAdmin);
};

const touch = async (fixture: SecurityGroupFixture, project: string): Promise<SecurityGroup> => {
  await fixture.behaviours.groups.prepare?.(fixture.database, memberOf(project));
  const id = await fixture.database.read((reader) => findDefaultGroup(reader, project));
  assert.ok(id);
  return fixture.group(id);
};

/** A port in a group, with as little of a port as the schema takes. */
const usePort = (fixture: SecurityGroupFixture, groupId: string) =>
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
        revision_number: 1,
      })
      .execute();
    await query
      .insertInto('port_security_groups')
      .values({ port_id: `p-${groupId}`, security_group_id: groupId })
      .execute();
  });

const shape = (group: SecurityGroup) =>
  group.security_group_rules
    .map(
      (rule) => `${rule.direction} ${rule.ethertype} ${rule.remote_group_id === group.id ? 'self' : 'any'}`,
    )
    .sort();

forEachDialect('security groups', (databases) => {
  it('begin with rules that let everything out, and tell the driver of group and rules', async () => {
    const fixture = await setUpSecurityGroups(databases);
    const group = await makeGroup(fixture, { name: 'web', description: 'd', stateful: false });
    assert.deepEqual(shape(group), ['egress IPv4 any', 'egress IPv6 any']);
    assert.deepEqual(await fixture.group(group.id), group);
    assert.deepEqual([group.name, group.stateful, group.shared], ['web', false, false]);
    assert.ok(group.security_group_rules.every((rule) => rule.belongs_to_default_sg === false));
    assert.deepEqual(
      fixture.told.map((change) => `${change.action} ${change.kind}`),
      ['create security_group', 'create security_group_rule', 'create security_group_rule'],
    );
  });

  it('include a default one for each project, made once on its first touch', async () => {
    const fixture = await setUpSecurityGroups(databases);
    const first = await touch(fixture, 'p');
    assert.equal(first.name, 'default');
    assert.deepEqual(shape(first), [
      'egress IPv4 any',
      'egress IPv6 any',
      'ingress IPv4 self',
      'ingress IPv6 self',
    ]);
    assert.ok(first.security_group_rules.every((rule) => rule.belongs_to_default_sg));
    assert.equal((await touch(fixture, 'p')).id, first.id);
    assert.notEqual((await touch(fixture, 'q')).id, first.id);
    assert.equal(fixture.told.filter((change) => change.kind === 'security_group').length, 2);
  });

  it('have one default even when many requests of a project come first together', async () => {
    const fixture = await setUpSecurityGroups(databases);
    const ids = await Promise.all(Array.from({ length: 6 }, async () => (await touch(fixture, 'p')).id));
    assert.equal(new Set(ids).size, 1);
    const groups = await fixture.database.read(({ query }) =>
      query.selectFrom('security_groups').select('id').execute(),
    );
    assert.equal(groups.length, 1);
  });

  it('keep the name of the default group, and only an administrator removes it', async () => {
    const fixture = await setUpSecurityGroups(databases);
    const group = await touch(fixture, 'p');
    await assert.rejects(
      updateGroup(fixture, group, { name: 'other' }),
      refused(409, 'SecurityGroupCannotUpdateDefault'),
    );
    const described = await updateGroup(fixture, group, { description: 'mine' });
    assert.equal(described.description, 'mine');
    assert.equal(described.revision_number, group.revision_number + 1);
    await assert.rejects(removeGroup(fixture, group), refused(409, 'SecurityGroupCannotRemoveDefault'));
    await removeGroup(fixture, group, true);
    assert.equal(await fixture.hasGroup(group.id), false);
    assert.notEqual((await touch(fixture, 'p')).id, group.id);
  });

  it('stay while ports use them, and as stateful as they are', async () => {
    const fixture = await setUpSecurityGroups(databases);
    const group = await makeGroup(fixture);
    const changed = await updateGroup(fixture, group, { stateful: false, name: 'n' });
    assert.deepEqual([changed.stateful, changed.name], [false, 'n']);
    await usePort(fixture, group.id);
    await assert.rejects(
      updateGroup(fixture, changed, { stateful: true }),
      refused(409, 'SecurityGroupInUse'),
    );
    await assert.rejects(removeGroup(fixture, changed), refused(409, 'SecurityGroupInUse'));
    assert.deepEqual(await fixture.group(group.id), changed);
  });

  it('do not change and tell nobody when an update says what is', async () => {
    const fixture = await setUpSecurityGroups(databases);
    const group = await makeGroup(fixture);
    fixture.told.length = 0;
    assert.equal(await updateGroup(fixture, group, { name: group.name, stateful: true }), group);
    assert.deepEqual(fixture.told, []);
  });

  it('take rules, templates and grants that name them along when they go', async () => {
    const fixture = await setUpSecurityGroups(databases);
    const [gone, stays] = [await makeGroup(fixture), await makeGroup(fixture)];
    const [pointing] = await makeRules(fixture, stays, [{ remote_group_id: gone.id }]);
    assert.ok(pointing);
    const createTemplate = fixture.behaviours.templates.create;
    assert.ok(createTemplate);
    const template = { ...ruleBody(stays), remote_group_id: gone.id, used_in_default_sg: true };
    await fixture.as(ADMIN, (step) => createTemplate(step, [{ ...template, used_in_non_default_sg: true }]));
    await fixture.database.transaction(({ query }) =>
      query.insertInto('tags').values({ object_id: gone.id, tag: 't' }).execute(),
    );
    fixture.told.length = 0;
    const before = await fixture.group(stays.id);
    await removeGroup(fixture, await fixture.group(gone.id));
    const after = await fixture.group(stays.id);
    assert.deepEqual(
      after.security_group_rules.map((rule) => rule.id),
      before.security_group_rules.map((rule) => rule.id).filter((id) => id !== pointing.id),
    );
    assert.equal(after.revision_number, before.revision_number + 1);
    assert.ok(fixture.told.some((change) => change.action === 'delete' && change.id === pointing.id));
    await fixture.database.read(async ({ query }) => {
      assert.deepEqual(await query.selectFrom('tags').selectAll().execute(), []);
      const templates = await query.selectFrom('default_security_group_rules').selectAll().execute();
      assert.equal(templates.length, 4);
    });
  });

  it('are seen by the projects that they are shared with', async () => {
    const fixture = await setUpSecurityGroups(databases);
    const mine = await makeGroup(fixture, {}, 'p');
    const shared = await makeGroup(fixture, {}, 'q');
    await makeGroup(fixture, {}, 'q');
    await fixture.database.transaction(({ query }) =>
      query
        .insertInto('rbac_entries')
        .values({
          id: 'r',
          project_id: 'q',
          object_type: 'security_group',
          object_id: shared.id,
          action: 'access_as_shared',
          target_project: 'p',
        })
        .execute(),
    );
    const { store } = fixture.behaviours.groups;
    const seen = await fixture.database.read(async (reader) => {
      const rows = await listRows(reader, store, everything, {
        projectId: 'p',
        visible: store.visibleTo?.(P),
      });
      return store.assemble(reader, rows, undefined, P);
    });
    assert.deepEqual(
      new Map(seen.map((group) => [group.id, group.shared])),
      new Map([mine.id, shared.id].sort().map((id) => [id, id === shared.id])),
    );
  });
});

const everything = {
  filters: [],
  tagFilters: { all: [], any: [], notAll: [], notAny: [] },
  changedSince: undefined,
  fields: [],
  sorts: [{ attribute: 'id', descending: false }],
  limit: undefined,
  marker: undefined,
  pageReverse: false,
} as const;

forEachDialect('security group rules', (databases) => {
  it('are stored in their normal form and move the revision of their group', async () => {
    const fixture = await setUpSecurityGroups(databases);
    const group = await makeGroup(fixture);
    fixture.told.length = 0;
    const [rule] = await makeRules(fixture, group, [
      {
        protocol: 'tcp',
        port_range_min: 1,
        port_range_max: 65_535,
        remote_ip_prefix: '192.0.2.7/24',
        description: 'd',
      },
    ]);
    assert.ok(rule);
    assert.deepEqual([rule.port_range_min, rule.port_range_max], [null, null]);
    assert.deepEqual([rule.remote_ip_prefix, rule.normalized_cidr], ['192.0.2.7/24', '192.0.2.0/24']);
    assert.deepEqual(fixture.told, [
      { kind: 'security_group_rule', action: 'create', id: rule.id, current: rule },
    ]);
    const after = await fixture.group(group.id);
    assert.equal(after.revision_number, group.revision_number + 1);
    assert.deepEqual(
      after.security_group_rules.find((each) => each.id === rule.id),
      rule,
    );
    const remove = fixture.behaviours.rules.delete;
    assert.ok(remove);
    await fixture.as(P, (step) => remove(step, rule));
    const finally_ = await fixture.group(group.id);
    assert.equal(finally_.revision_number, group.revision_number + 2);
    assert.deepEqual(shape(finally_), shape(group));
  });

  it('cannot be twice, in one request or in two, and then nothing is stored', async () => {
    const fixture = await setUpSecurityGroups(databases);
    const group = await makeGroup(fixture);
    const web = { protocol: 'tcp', port_range_min: 80, port_range_max: 80 };
    await assert.rejects(
      makeRules(fixture, group, [web, { ...web, protocol: '6', remote_ip_prefix: '0.0.0.0/0' }]),
      refused(409, 'DuplicateSecurityGroupRuleInPost'),
    );
    assert.deepEqual(await fixture.group(group.id), group);
    const [rule] = await makeRules(fixture, group, [web]);
    const again = makeRules(fixture, group, [{ protocol: 'udp' }, web]);
    await assert.rejects(again, (error) => {
      assert.ok(error instanceof ApiError && error.message.includes(rule?.id ?? ''));
      return refused(409, 'SecurityGroupRuleExists')(error);
    });
    assert.equal((await fixture.group(group.id)).security_group_rules.length, 3);
    const outcomes = await Promise.allSettled(
      Array.from({ length: 4 }, () => makeRules(fixture, group, [{ protocol: 'sctp' }])),
    );
    assert.equal(outcomes.filter((outcome) => outcome.status === 'fulfilled').length, 1);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') refused(409, 'SecurityGroupRuleExists')(outcome.reason);
    }
  });

  it('of one request belong to one group and one project', async () => {
    const fixture = await setUpSecurityGroups(databases);
    const [a, b] = [await makeGroup(fixture), await makeGroup(fixture)];
    await assert.rejects(
      makeRules(fixture, a, [{ protocol: 'tcp' }, { security_group_id: b.id }]),
      refused(400, 'SecurityGroupNotSingleGroupRules'),
    );
    await assert.rejects(
      makeRules(fixture, a, [{ protocol: 'tcp' }, { project_id: 'q' }]),
      refused(400, 'SecurityGroupRulesNotSingleProject'),
    );
  });

  it('name only groups that their project can see', async () => {
    const fixture = await setUpSecurityGroups(databases);
    const mine = await makeGroup(fixture);
    const other = await makeGroup(fixture, {}, 'q');
    const missing = refused(404, 'SecurityGroupNotFound');
    await assert.rejects(makeRules(fixture, mine, [{ remote_group_id: other.id }]), missing);
    await assert.rejects(makeRules(fixture, mine, [{ security_group_id: other.id }]), missing);
    await assert.rejects(makeRules(fixture, mine, [{ security_group_id: 'nowhere' }], true), missing);
    await makeRules(fixture, mine, [{ remote_group_id: other.id }], true);
    assert.equal((await fixture.group(mine.id)).security_group_rules.length, 3);
  });

  it('are listed to the owner of their group, also when an administrator made them', async () => {
    const fixture = await setUpSecurityGroups(databases);
    const mine = await makeGroup(fixture);
    const [foreign] = await makeRules(fixture, mine, [{ project_id: 'admin', protocol: 'tcp' }], true);
    await makeGroup(fixture, {}, 'q');
    const { store } = fixture.behaviours.rules;
    const list = async (...values: (boolean | null)[]) =>
      fixture.database.read(async (reader) => {
        const filters =
          values.length === 0 ? [] : [{ kind: 'equal', attribute: 'belongs_to_default_sg', values } as const];
        const scope = { projectId: 'p', visible: store.visibleTo?.(P) };
        const rows = await listRows(reader, store, { ...everything, filters }, scope);
        return (await store.assemble(reader, rows, undefined)).map((rule) => rule.id);
      });
    const ids = (await fixture.group(mine.id)).security_group_rules.map((rule) => rule.id);
    assert.ok(foreign && ids.includes(foreign.id));
    assert.deepEqual(await list(), ids);
    assert.deepEqual(await list(true), []);
    assert.deepEqual(await list(false), ids);
    assert.deepEqual(await list(true, false), ids);
  });
});

forEachDialect('templates of security group rules', (databases) => {
  it('make the rules of groups to come', async () => {
    const fixture = await setUpSecurityGroups(databases);
    const { create, delete: remove, store } = fixture.behaviours.templates;
    assert.ok(create && remove);
    const group = await makeGroup(fixture);
    const template = {
      ...ruleBody(group),
      remote_group_id: 'PARENT',
      used_in_default_sg: false,
      used_in_non_default_sg: true,
    };
    const [made] = await fixture.as(ADMIN, (step) => create(step, [template]));
    assert.ok(made);
    assert.deepEqual(shape(await makeGroup(fixture)), [
      'egress IPv4 any',
      'egress IPv6 any',
      'ingress IPv4 self',
    ]);
    assert.deepEqual(shape(await fixture.group(group.id)), ['egress IPv4 any', 'egress IPv6 any']);
    const again = fixture.as(ADMIN, (step) => create(step, [{ ...template, used_in_default_sg: true }]));
    await assert.rejects(again, refused(409, 'DefaultSecurityGroupRuleExists'));
    const unknown = fixture.as(ADMIN, (step) => create(step, [{ ...template, remote_group_id: 'x' }]));
    await assert.rejects(unknown, refused(404, 'SecurityGroupNotFound'));
    await fixture.as(ADMIN, (step) => remove(step, made));
    const left = await fixture.database.read(async (reader) =>
      store.assemble(reader, await listRows(reader, store, everything, 'everything'), undefined),
    );
    assert.equal(left.length, 4);
    assert.deepEqual(shape(await makeGroup(fixture)), ['egress IPv4 any', 'egress IPv6 any']);
  });
});

forEachDialect('two services on one database', (databases) => {
  it('make one default group between them', async () => {
    const url = await databases.freshUrl();
    const opened = [await openDatabase({ url }), await openDatabase({ url })];
    const services = opened.map((database) => securityGroupsOn(database));
    const ids = await Promise.all(services.map(async (service) => (await touch(service, 'p')).id));
    assert.equal(new Set(ids).size, 1);
    for (const database of opened) await database[Symbol.asyncDispose]();
  });
});
