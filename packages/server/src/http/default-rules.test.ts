import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type ApiService, type Persona, startApiService } from '../testing/api-service.ts';
import { forEachDialect } from '../testing/databases.ts';

const PATH = 'default-security-group-rules';
const tcp = (port: number) => ({
  direction: 'ingress',
  protocol: 'tcp',
  port_range_min: port,
  port_range_max: port,
});

forEachDialect('templates of rules', (databases) => {
  let service: ApiService;
  let admin: Persona;
  let red: Persona;
  before(async () => {
    service = await startApiService({ databaseUrl: await databases.freshUrl() });
    admin = await service.persona('root', 'operations', ['admin']);
    red = await service.persona('ruth', 'red', ['member', 'reader']);
  });
  after(() => service[Symbol.asyncDispose]());

  /** Ports that a new group lets in. */
  const portsOfNewGroup = async (): Promise<readonly number[]> => {
    const { body } = await red.ask('POST', 'security-groups', { security_group: { name: 'g' } });
    const rules: readonly { port_range_min: number | null }[] = body.security_group.security_group_rules;
    return rules.flatMap(({ port_range_min }) => port_range_min ?? []).sort();
  };
  const bulk = (persona: Persona, ports: readonly number[]) =>
    persona.ask('POST', PATH, { default_security_group_rules: ports.map(tcp) });

  test('that are shipped say what they are, rules made from them do not', async () => {
    const templates: readonly { direction: string; description: string }[] = (await admin.ask('GET', PATH))
      .body.default_security_group_rules;
    for (const { direction, description } of templates)
      assert.equal(description, `Legacy default SG rule for ${direction} traffic`);
    const { security_group_rules: rules } = (await red.ask('GET', 'security-group-rules')).body;
    assert.deepEqual(
      rules.map((rule: { description: string }) => rule.description),
      templates.map(() => ''),
    );
  });

  test('make the default group of whatever project an administrator asks about', async () => {
    const project = '5522d313d8e14e519f82e7ab6f72048e';
    const groups = async (persona: Persona) =>
      (await persona.ask('GET', `security-groups?project_id=${project}`)).body.security_groups;
    assert.deepEqual(await groups(red), []);
    const [group, ...others] = await groups(admin);
    assert.deepEqual([group.name, group.project_id, others], ['default', project, []]);
    assert.equal(group.security_group_rules.length, 4);
    const several = `security-groups?project_id=${project}1&project_id=${project}2`;
    assert.deepEqual((await admin.ask('GET', several)).body.security_groups, []);
  });

  test('make no group where a list is refused', async () => {
    const query = `security-groups?project_id=${crypto.randomUUID()}&limit=5&marker=${crypto.randomUUID()}`;
    const count = async () =>
      (await admin.ask('GET', 'security-groups?fields=id')).body.security_groups.length;
    const before = await count();
    assert.equal((await admin.ask('GET', query)).status, 404);
    assert.equal(await count(), before);
  });

  test('come one by one or together, are in groups made afterwards, and go', async () => {
    assert.deepEqual(await portsOfNewGroup(), []);
    const one = await admin.ask('POST', PATH, { default_security_group_rule: tcp(22) });
    assert.equal(one.status, 201);
    const many = await bulk(admin, [80, 90]);
    assert.equal(many.status, 201);
    const made = [one.body.default_security_group_rule, ...many.body.default_security_group_rules];
    assert.deepEqual(await portsOfNewGroup(), [22, 80, 90]);
    for (const { id } of made) assert.equal((await admin.ask('DELETE', `${PATH}/${id}`)).status, 204);
    assert.deepEqual(await portsOfNewGroup(), []);
  });

  test('are all made or none', async () => {
    const twice = await bulk(admin, [70, 70]);
    assert.deepEqual([twice.status, twice.body.NeutronError.type], [409, 'DuplicateDefaultSgRuleInPost']);
    assert.equal((await bulk(red, [70])).status, 403);
    assert.deepEqual(await portsOfNewGroup(), []);
  });
});
