import assert from 'node:assert/strict';
import { it } from 'node:test';
import { ApiError } from '@ovenbird/api';
import { listRows } from '../../db/query/rows.ts';
import { forEachDialect } from '../../testing/databases.ts';
import { everything, makeGroup, makeRules, P, refused, shape } from '../../testing/security-group-actions.ts';
import { setUpSecurityGroups } from '../../testing/security-groups.ts';

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
      { ...rule, tenant_id: rule.project_id },
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
