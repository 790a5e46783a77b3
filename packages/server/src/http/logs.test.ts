import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { type ApiAnswer, type ApiService, type Persona, startApiService } from '../testing/api-service.ts';
import { forEachDialect } from '../testing/databases.ts';

const errorOf = ({ status, body }: ApiAnswer) => [status, body?.NeutronError?.type];
const GROUP = { resource_type: 'security_group' };

forEachDialect('logs of security groups', (databases) => {
  let service: ApiService;
  let admin: Persona;
  /** A manager and a member of the same project, and a manager of another. */
  let red: Persona;
  let rosa: Persona;
  let blue: Persona;
  let groupId = '';
  let networkId = '';
  before(async () => {
    service = await startApiService({ databaseUrl: await databases.freshUrl() });
    admin = await service.persona('root', 'operations', ['admin']);
    red = await service.persona('ruth', 'red', ['manager', 'member']);
    rosa = await service.persona('rosa', 'red', ['member']);
    blue = await service.persona('bert', 'blue', ['manager', 'member']);
    groupId = (await make(red, 'security-groups', { security_group: { name: 'g' } })).id;
    networkId = (await make(red, 'networks', { network: { name: 'n' } })).id;
  });
  after(() => service[Symbol.asyncDispose]());

  const make = async (persona: Persona, path: string, body: object) => {
    const answer = await persona.ask('POST', path, body);
    assert.equal(answer.status, 201, JSON.stringify(answer.body));
    return Object.values(answer.body)[0] as ReturnType<typeof JSON.parse>;
  };
  const ask = (persona: Persona, given: object) =>
    persona.ask('POST', 'log/logs', { log: { ...GROUP, ...given } });
  const makeLog = (persona: Persona, given: object) =>
    make(persona, 'log/logs', { log: { ...GROUP, ...given } });
  const portOf = (persona: Persona, given: object = {}) =>
    make(persona, 'ports', { port: { network_id: networkId, security_groups: [groupId], ...given } });
  const gone = async (id: string) =>
    assert.deepEqual(errorOf(await admin.ask('GET', `log/logs/${id}`)), [404, 'LogResourceNotFound']);

  test('are made, shown, listed, switched off and deleted', async () => {
    const made = await makeLog(red, { name: 'l', description: 'mine', resource_id: groupId });
    const { id, created_at, updated_at, ...rest } = made;
    assert.equal(created_at, updated_at);
    assert.deepEqual(rest, {
      project_id: red.projectId,
      tenant_id: red.projectId,
      name: 'l',
      description: 'mine',
      resource_type: 'security_group',
      resource_id: groupId,
      event: 'ALL',
      target_id: null,
      enabled: true,
      revision_number: 1,
    });
    assert.deepEqual((await red.ask('GET', `log/logs/${id}`)).body, { log: made });
    assert.deepEqual((await red.ask('GET', `log/logs?resource_id=${groupId}&enabled=true`)).body, {
      logs: [made],
    });
    assert.deepEqual((await blue.ask('GET', 'log/logs')).body, { logs: [] });
    assert.equal((await blue.ask('GET', `log/logs/${id}`)).status, 404);
    const put = async (body: object) => (await red.ask('PUT', `log/logs/${id}`, { log: body })).body.log;
    const off = await put({ enabled: false, description: 'off' });
    assert.deepEqual([off.enabled, off.description, off.revision_number], [false, 'off', 2]);
    assert.deepEqual(await put({ enabled: false }), off);
    for (const body of [
      { event: 'DROP' },
      { resource_id: null },
      { enabled: 'maybe' },
      { all_projects: true },
    ])
      assert.equal((await red.ask('PUT', `log/logs/${id}`, { log: body })).status, 400, JSON.stringify(body));
    assert.equal((await red.ask('DELETE', `log/logs/${id}`)).status, 204);
    await gone(id);
  });

  test('are the business of managers and administrators', async () => {
    assert.deepEqual(errorOf(await ask(rosa, { resource_id: groupId })), [403, 'PolicyNotAuthorized']);
    const types = { loggable_resources: [{ type: 'security_group' }] };
    assert.deepEqual((await admin.ask('GET', 'log/loggable-resources')).body, types);
    assert.deepEqual((await rosa.ask('GET', 'log/loggable-resources')).body, { loggable_resources: [] });
    const made = await makeLog(admin, { resource_id: groupId, project_id: red.projectId });
    assert.equal((await red.ask('DELETE', `log/logs/${made.id}`)).status, 204);
  });

  test('are about what exists, can be seen and can be logged', async () => {
    const { id: foreign } = await make(blue, 'security-groups', { security_group: { name: 'b' } });
    const port = await portOf(red);
    const other = await portOf(red, { security_groups: [] });
    const special = await make(admin, 'ports', {
      port: { network_id: networkId, project_id: red.projectId, 'binding:vnic_type': 'direct' },
    });
    const before = (await admin.ask('GET', 'log/logs')).body;
    const cases: readonly (readonly [object, number, string])[] = [
      [{ resource_type: 'fake' }, 400, 'InvalidLogResourceType'],
      [{ resource_type: null }, 400, 'HTTPBadRequest'],
      [{ event: 'SOME' }, 400, 'HTTPBadRequest'],
      [{ resource_id: 'x' }, 400, 'HTTPBadRequest'],
      [{ resource_id: randomUUID() }, 404, 'ResourceNotFound'],
      [{ resource_id: foreign }, 404, 'ResourceNotFound'],
      [{ target_id: randomUUID() }, 404, 'TargetResourceNotFound'],
      [{ target_id: special.id }, 409, 'LoggingTypeNotSupported'],
      [{ resource_id: groupId, target_id: other.id }, 400, 'InvalidResourceConstraint'],
    ];
    for (const [given, status, type] of cases)
      assert.deepEqual(errorOf(await ask(red, given)), [status, type], JSON.stringify(given));
    assert.deepEqual(errorOf(await ask(blue, { target_id: port.id })), [404, 'TargetResourceNotFound']);
    assert.deepEqual((await admin.ask('GET', 'log/logs')).body, before);
    const shared = { object_type: 'security_group', object_id: foreign, action: 'access_as_shared' };
    await make(blue, 'rbac-policies', { rbac_policy: { ...shared, target_tenant: red.projectId } });
    for (const given of [{ resource_id: foreign }, { resource_id: groupId, target_id: port.id }, {}])
      await makeLog(red, given);
    for (const { id } of (await red.ask('GET', 'log/logs')).body.logs)
      assert.equal((await red.ask('DELETE', `log/logs/${id}`)).status, 204);
  });

  test('go with their group or port', async () => {
    const { id } = await make(red, 'security-groups', { security_group: { name: 'short' } });
    const ofGroup = await makeLog(red, { resource_id: id, enabled: false });
    assert.equal((await red.ask('DELETE', `security-groups/${id}`)).status, 204);
    await gone(ofGroup.id);
    const port = await portOf(red);
    const ofPort = await makeLog(red, { target_id: port.id });
    assert.equal((await red.ask('DELETE', `ports/${port.id}`)).status, 204);
    await gone(ofPort.id);
  });
});
