import assert from 'node:assert/strict';
import { it } from 'node:test';
import { openDatabase } from '../../db/open.ts';
import { listRows } from '../../db/query/rows.ts';
import { forEachDialect } from '../../testing/databases.ts';
import { ADMIN, everything, makeGroup, refused, shape, touch } from '../../testing/security-group-actions.ts';
import { ruleBody, securityGroupsOn, setUpSecurityGroups } from '../../testing/security-groups.ts';

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
    const twice = [
      { ...template, ethertype: 'IPv6' },
      { ...template, ethertype: 'IPv6' },
    ] as const;
    const both = fixture.as(ADMIN, (step) => create(step, twice));
    await assert.rejects(both, refused(409, 'DuplicateDefaultSgRuleInPost'));
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
