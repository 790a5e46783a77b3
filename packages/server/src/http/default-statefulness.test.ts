import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type ApiAnswer, type ApiService, type Persona, startApiService } from '../testing/api-service.ts';
import { forEachDialect } from '../testing/databases.ts';

const errorOf = ({ status, body }: ApiAnswer) => [status, body?.NeutronError?.type];
const PATH = 'security-groups-default-statefulness';
const NAME = 'security_groups_default_statefulness';

forEachDialect('defaults of stateful', (databases) => {
  let service: ApiService;
  let admin: Persona;
  let red: Persona;
  let rosa: Persona;
  let blue: Persona;
  before(async () => {
    service = await startApiService({ databaseUrl: await databases.freshUrl() });
    admin = await service.persona('root', 'operations', ['admin']);
    red = await service.persona('ruth', 'red', ['manager', 'member', 'reader']);
    rosa = await service.persona('rosa', 'red', ['member', 'reader']);
    blue = await service.persona('bert', 'blue', ['member', 'reader']);
  });
  after(() => service[Symbol.asyncDispose]());

  const ask = (persona: Persona, given: object) => persona.ask('POST', PATH, { [NAME]: given });
  const list = async (persona: Persona) => (await persona.ask('GET', PATH)).body[NAME];
  /** Whether a new group of the project is stateful, and the default group that its first touch makes. */
  const made = async (persona: Persona, given: object = {}) =>
    (await persona.ask('POST', 'security-groups', { security_group: { name: 'g', ...given } })).body
      .security_group.stateful;

  test('are of a project or of all, and new groups follow the nearest', async () => {
    const own = (await ask(red, { stateful: false })).body[NAME];
    assert.deepEqual(own, {
      id: own.id,
      project_id: red.projectId,
      tenant_id: red.projectId,
      stateful: false,
    });
    assert.deepEqual(
      [await made(red), await made(red, { stateful: true }), await made(blue)],
      [false, true, true],
    );
    const all = (await ask(admin, { project_id: null, stateful: false })).body[NAME];
    assert.equal(all.project_id, null);
    assert.equal(await made(blue), false);
    const green = await service.persona('gwen', 'green', ['member', 'reader']);
    const [first] = (await green.ask('GET', 'security-groups')).body.security_groups;
    assert.deepEqual([first.name, first.stateful], ['default', false]);
    const put = await red.ask('PUT', `${PATH}/${own.id}`, { [NAME]: { stateful: true } });
    assert.deepEqual(put.body[NAME], { ...own, stateful: true });
    assert.equal(await made(red), true);
    assert.deepEqual([await list(rosa), await list(blue)], [[put.body[NAME]], []]);
    assert.equal((await list(admin)).length, 2);
    assert.deepEqual(errorOf(await red.ask('DELETE', `${PATH}/${all.id}`)), [
      404,
      'SecurityGroupDefaultStatefulnessNotFound',
    ]);
    for (const [persona, id] of [
      [red, own.id],
      [admin, all.id],
    ] as const)
      assert.equal((await persona.ask('DELETE', `${PATH}/${id}`)).status, 204);
    assert.equal(await made(red), true);
  });

  test('are refused where they cannot be', async () => {
    const denied = [403, 'PolicyNotAuthorized'];
    assert.deepEqual(errorOf(await ask(rosa, {})), denied);
    assert.deepEqual(errorOf(await ask(red, { project_id: null })), denied);
    const { id } = (await ask(red, {})).body[NAME];
    const exists = [409, 'SecurityGroupDefaultStatefulnessAlreadyExists'];
    assert.deepEqual(errorOf(await ask(red, { stateful: false })), exists);
    assert.equal((await ask(red, { stateful: 'perhaps' })).status, 400);
    assert.equal((await ask(red, { project_id: blue.projectId })).status, 400);
    assert.equal((await red.ask('POST', PATH, { [NAME]: [{}] })).status, 400);
    assert.deepEqual(errorOf(await rosa.ask('DELETE', `${PATH}/${id}`)), denied);
    assert.equal((await list(admin)).length, 1);
  });
});
