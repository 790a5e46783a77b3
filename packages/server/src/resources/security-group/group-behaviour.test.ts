import assert from 'node:assert/strict';
import { it } from 'node:test';
import { listRows } from '../../db/query/rows.ts';
import { forEachDialect } from '../../testing/databases.ts';
import {
  ADMIN,
  everything,
  makeGroup,
  makeRules,
  P,
  refused,
  removeGroup,
  shape,
  touch,
  updateGroup,
  usePort,
} from '../../testing/security-group-actions.ts';
import { ruleBody, setUpSecurityGroups } from '../../testing/security-groups.ts';

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

  it('count their first rules as rules of the project, but never do without a default one', async () => {
    const fixture = await setUpSecurityGroups(databases);
    const limit = (value: number) =>
      fixture.database.transaction(({ query }) =>
        query
          .insertInto('quotas')
          .values({ project_id: 'p', resource: 'security_group_rule', limit: value })
          .onConflict((conflict) =>
            conflict.columns(['project_id', 'resource']).doUpdateSet({ limit: value }),
          )
          .execute(),
      );
    await limit(3);
    await makeGroup(fixture, {}, 'p');
    fixture.told.length = 0;
    await assert.rejects(makeGroup(fixture, {}, 'p'), refused(409, 'OverQuota'));
    assert.deepEqual(fixture.told, []);
    assert.equal((await touch(fixture, 'p')).security_group_rules.length, 4);
    await limit(8);
    await makeGroup(fixture, {}, 'p');
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
