import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type ApiService, type Persona, startApiService } from '../testing/api-service.ts';
import { forEachDialect } from '../testing/databases.ts';

forEachDialect('quotas', (databases) => {
  let service: ApiService;
  let admin: Persona;
  before(async () => {
    service = await startApiService({
      databaseUrl: await databases.freshUrl(),
      settings: { quotas: { limits: { network: 12 } } },
    });
    admin = await service.persona('root', 'operations', ['admin']);
  });
  after(() => service[Symbol.asyncDispose]());

  const refused = async (
    persona: Persona,
    method: string,
    path: string,
    body: unknown,
    status: number,
    type: string,
  ) => {
    const answer = await persona.ask(method, path, body);
    assert.deepEqual([answer.status, answer.body?.NeutronError?.type], [status, type]);
  };

  test('a project without limits of its own shows the general ones, and is not listed', async () => {
    const member = await service.persona('plain', 'plain', ['reader']);
    const path = `quotas/${member.projectId}`;
    const shown = await member.ask('GET', path);
    assert.equal(shown.status, 200);
    assert.deepEqual(
      [shown.body.quota.network, shown.body.quota.port, shown.body.quota.security_group_rule],
      [12, 500, 100],
    );
    assert.deepEqual((await member.ask('GET', `${path}/default`)).body, shown.body);
    assert.deepEqual((await admin.ask('GET', 'quotas')).body, { quotas: [] });
    await refused(admin, 'DELETE', path, undefined, 404, 'TenantQuotaNotFound');
  });

  test('limits are set, hold, are listed and are taken back', async () => {
    const member = await service.persona('bounded', 'bounded', ['member']);
    const path = `quotas/${member.projectId}`;
    const set = await admin.ask('PUT', path, { quota: { network: '1', port: -1 } });
    assert.deepEqual([set.status, set.body.quota.network, set.body.quota.port], [200, 1, -1]);
    assert.equal((await member.ask('POST', 'networks', { network: {} })).status, 201);
    await refused(member, 'POST', 'networks', { network: {} }, 409, 'OverQuota');
    const details = await member.ask('GET', `${path}/details.json`);
    assert.deepEqual(details.body.quota.network, { limit: 1, used: 1, reserved: 0 });
    assert.deepEqual(details.body.quota.subnet, { limit: 100, used: 0, reserved: 0 });
    const { quotas } = (await admin.ask('GET', 'quotas')).body;
    assert.deepEqual(quotas, [
      { ...set.body.quota, project_id: member.projectId, tenant_id: member.projectId },
    ]);
    assert.equal((await admin.ask('PUT', path, { quota: { network: 2 } })).body.quota.port, -1);
    assert.equal((await member.ask('POST', 'networks', { network: {} })).status, 201);
    assert.equal((await admin.ask('DELETE', path)).status, 204);
    assert.equal((await member.ask('GET', path)).body.quota.network, 12);
    assert.deepEqual((await admin.ask('GET', 'quotas')).body, { quotas: [] });
  });

  test('a limit below what is used is refused on demand, and then nothing is set', async () => {
    const member = await service.persona('full', 'full', ['member']);
    const path = `quotas/${member.projectId}`;
    const two = { networks: [{}, {}] };
    assert.equal((await member.ask('POST', 'networks', two)).status, 201);
    await refused(
      admin,
      'PUT',
      path,
      { quota: { subnet: 7, network: 1, check_limit: true } },
      400,
      'HTTPBadRequest',
    );
    const before = (await member.ask('GET', path)).body.quota;
    assert.deepEqual([before.subnet, before.network], [100, 12]);
    const checked = { quota: { network: 2, check_limit: true } };
    assert.equal((await admin.ask('PUT', path, checked)).body.quota.network, 2);
    const forced = { quota: { network: 1, check_limit: true, force: true } };
    assert.equal((await admin.ask('PUT', path, forced)).body.quota.network, 1);
    const lowered = await admin.ask('PUT', path, { quota: { network: 0 } });
    assert.deepEqual([lowered.status, lowered.body.quota.network], [200, 0]);
    assert.deepEqual((await admin.ask('GET', `${path}/details`)).body.quota.network, {
      limit: 0,
      used: 2,
      reserved: 0,
    });
  });

  test('bad limits change nothing', async () => {
    const path = `quotas/${admin.projectId}`;
    const before = (await admin.ask('GET', path)).body;
    for (const quota of [
      { network: -2 },
      { network: 2 ** 31 },
      { network: 5, colour: 1 },
      { project_id: 'x' },
      { tenant_id: 'x' },
    ])
      await refused(admin, 'PUT', path, { quota }, 400, 'HTTPBadRequest');
    await refused(admin, 'PUT', path, { quota: { network: 'many' } }, 400, 'InvalidInput');
    await refused(admin, 'PUT', path, { quota: { network: null } }, 400, 'InvalidInput');
    await refused(admin, 'PUT', path, {}, 400, 'HTTPBadRequest');
    await refused(admin, 'PUT', path, undefined, 400, 'HTTPBadRequest');
    assert.deepEqual((await admin.ask('GET', path)).body, before);
    assert.equal((await admin.ask('POST', 'quotas', { quota: {} })).status, 405);
  });

  test('who may do what', async () => {
    const manager = await service.persona('manager', 'managed', ['manager']);
    const member = await service.persona('member', 'managed', ['member']);
    const other = await service.persona('stranger', 'strange', ['manager']);
    const path = `quotas/${member.projectId}`;
    const denied = 'PolicyNotAuthorized';
    assert.equal((await member.ask('GET', path)).status, 200);
    assert.equal((await member.ask('GET', `${path}/details`)).status, 200);
    await refused(other, 'GET', path, undefined, 403, denied);
    await refused(other, 'GET', `${path}/default`, undefined, 403, denied);
    await refused(other, 'GET', `${path}/details`, undefined, 403, 'AdminRequired');
    await refused(member, 'GET', 'quotas', undefined, 403, denied);
    for (const persona of [member, manager, other]) {
      await refused(persona, 'PUT', path, { quota: { network: 99 } }, 403, denied);
      await refused(persona, 'DELETE', path, undefined, 403, denied);
    }
    for (const project of [path, `quotas/${other.projectId}`])
      assert.equal((await admin.ask('PUT', project, { quota: { network: 3 } })).status, 200);
    const seen = (await manager.ask('GET', 'quotas')).body.quotas;
    assert.deepEqual(
      seen.map((quota: { project_id: string }) => quota.project_id),
      [manager.projectId],
    );
    assert.deepEqual((await member.ask('GET', 'quotas/project')).body, {
      project: { project_id: member.projectId },
    });
    assert.deepEqual((await member.ask('GET', 'quotas/tenant')).body, {
      tenant: { tenant_id: member.projectId },
    });
  });
});
