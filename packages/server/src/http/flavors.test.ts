import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { type ApiAnswer, type ApiService, type Persona, startApiService } from '../testing/api-service.ts';
import { forEachDialect } from '../testing/databases.ts';

const errorOf = ({ status, body }: ApiAnswer) => [status, body?.NeutronError?.type];

forEachDialect('flavors', (databases) => {
  let service: ApiService;
  let admin: Persona;
  let red: Persona;
  before(async () => {
    service = await startApiService({ databaseUrl: await databases.freshUrl() });
    admin = await service.persona('ada', 'admin', ['admin']);
    red = await service.persona('rosa', 'red', ['member']);
  });
  after(() => service[Symbol.asyncDispose]());

  const profile = (given: object) => admin.ask('POST', 'service_profiles', { service_profile: given });
  const flavor = async (given: object = {}) => {
    const body = { flavor: { name: 'fast', service_type: 'L3_ROUTER_NAT', ...given } };
    const answer = await admin.ask('POST', 'flavors', body);
    assert.equal(answer.status, 201, JSON.stringify(answer.body));
    return answer.body.flavor;
  };
  const madeProfile = async (given: object = { metainfo: '{"data": "value"}' }) => {
    const answer = await profile(given);
    assert.equal(answer.status, 201, JSON.stringify(answer.body));
    return answer.body.service_profile;
  };
  const bind = (flavorId: string, id: unknown) =>
    admin.ask('POST', `flavors/${flavorId}/service_profiles`, { service_profile: { id } });

  test('are made, shown to all, changed and deleted by administrators', async () => {
    const made = await flavor({ description: 'quick' });
    assert.deepEqual(made, {
      id: made.id,
      name: 'fast',
      description: 'quick',
      service_type: 'L3_ROUTER_NAT',
      enabled: true,
      service_profiles: [],
    });
    assert.deepEqual((await red.ask('GET', `flavors/${made.id}`)).body, { flavor: made });
    assert.deepEqual((await red.ask('GET', `flavors?id=${made.id}`)).body, { flavors: [made] });
    assert.deepEqual((await red.ask('GET', 'flavors?id=33')).body, { flavors: [] });
    const changed = await admin.ask('PUT', `flavors/${made.id}`, { flavor: { enabled: false } });
    assert.deepEqual(changed.body.flavor, { ...made, enabled: false });
    for (const [method, body] of [
      ['PUT', { flavor: { name: 'mine' } }],
      ['DELETE', undefined],
    ] as const)
      assert.equal((await red.ask(method, `flavors/${made.id}`, body)).status, 403);
    assert.equal((await red.ask('POST', 'flavors', { flavor: { service_type: 'QOS' } })).status, 403);
    assert.equal((await admin.ask('DELETE', `flavors/${made.id}`)).status, 204);
    assert.deepEqual(errorOf(await red.ask('GET', `flavors/${made.id}`)), [404, 'FlavorNotFound']);
  });

  test('profiles say a driver that there is, or something else', async () => {
    const made = await madeProfile({ description: 'd', metainfo: 'x' });
    assert.deepEqual(made, { id: made.id, description: 'd', driver: '', metainfo: 'x', enabled: true });
    assert.deepEqual(errorOf(await profile({ driver: 'nothing.Driver' })), [
      404,
      'ServiceProfileDriverNotFound',
    ]);
    assert.deepEqual(errorOf(await profile({})), [400, 'ServiceProfileEmpty']);
    assert.equal((await red.ask('GET', `service_profiles/${made.id}`)).status, 404);
    assert.deepEqual((await admin.ask('GET', 'service_profiles?id=33')).body, { service_profiles: [] });
    const path = `service_profiles/${made.id}`;
    const update = (given: object) => admin.ask('PUT', path, { service_profile: given });
    assert.deepEqual(errorOf(await update({ metainfo: '' })), [400, 'ServiceProfileEmpty']);
    assert.deepEqual((await update({ enabled: false })).body.service_profile, { ...made, enabled: false });
    const { id } = await flavor();
    assert.equal((await bind(id, made.id)).status, 201);
    assert.deepEqual(errorOf(await update({ enabled: true })), [409, 'ServiceProfileInUse']);
    assert.deepEqual(errorOf(await admin.ask('DELETE', path)), [409, 'ServiceProfileInUse']);
    await admin.ask('DELETE', `flavors/${id}`);
    assert.equal((await admin.ask('DELETE', path)).status, 204);
    assert.deepEqual(errorOf(await admin.ask('GET', path)), [404, 'ServiceProfileNotFound']);
  });

  test('are bound to profiles in order, and unbound', async () => {
    const [one, two] = [await madeProfile(), await madeProfile()];
    const { id } = await flavor({ service_profiles: [two.id] });
    assert.deepEqual((await bind(id, one.id)).body, { service_profile: { id: one.id } });
    const profiles = async () => (await red.ask('GET', `flavors/${id}`)).body.flavor.service_profiles;
    assert.deepEqual(await profiles(), [two.id, one.id]);
    for (const [answer, status, type] of [
      [await bind(id, one.id), 409, 'FlavorServiceProfileBindingExists'],
      [await bind(id, randomUUID()), 404, 'ServiceProfileNotFound'],
      [await bind(id, 7), 400, 'InvalidInput'],
      [await bind(randomUUID(), one.id), 404, 'FlavorNotFound'],
    ] as const)
      assert.deepEqual(errorOf(answer), [status, type]);
    const unbind = () => admin.ask('DELETE', `flavors/${id}/service_profiles/${two.id}`);
    assert.equal((await red.ask('DELETE', `flavors/${id}/service_profiles/${two.id}`)).status, 403);
    assert.equal((await unbind()).status, 204);
    assert.deepEqual(await profiles(), [one.id]);
    assert.deepEqual(errorOf(await unbind()), [404, 'FlavorServiceProfileBindingNotFound']);
  });

  test('bad bodies are refused', async () => {
    for (const [given, type] of [
      [{ name: 'x' }, 'HTTPBadRequest'],
      [{ service_type: 'nothing' }, 'HTTPBadRequest'],
      [{ service_type: 'QOS', name: 'x'.repeat(256) }, 'HTTPBadRequest'],
      [{ service_type: 'QOS', enabled: 'perhaps' }, 'InvalidInput'],
      [{ service_type: 'QOS', service_profiles: ['x'] }, 'HTTPBadRequest'],
      [{ service_type: 'QOS', colour: 'red' }, 'HTTPBadRequest'],
    ] as const) {
      const answer = await admin.ask('POST', 'flavors', { flavor: given });
      assert.deepEqual(errorOf(answer), [400, type], JSON.stringify(given));
    }
  });

  test('routers have one only when something provides it, and then it stays', async () => {
    const router = (flavorId: unknown) =>
      red.ask('POST', 'routers', { router: { name: 'r', flavor_id: flavorId } });
    assert.equal((await router(null)).body.router.flavor_id, null);
    assert.deepEqual(errorOf(await router(randomUUID())), [404, 'FlavorNotFound']);
    const { id } = await flavor();
    assert.deepEqual(errorOf(await router(id)), [404, 'FlavorServiceProfileBindingNotFound']);
    await bind(id, (await madeProfile()).id);
    // Without OVN nothing provides routing.
    assert.deepEqual(errorOf(await router(id)), [404, 'ServiceProfileDriverNotFound']);
    await admin.ask('PUT', `flavors/${id}`, { flavor: { enabled: false } });
    assert.deepEqual(errorOf(await router(id)), [503, 'FlavorDisabled']);
    assert.equal((await red.ask('GET', 'routers')).body.routers.length, 1);
  });
});
