import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type ApiAnswer, type ApiService, type Persona, startApiService } from '../testing/api-service.ts';
import { forEachDialect } from '../testing/databases.ts';

const errorOf = ({ status, body }: ApiAnswer) => [status, body?.NeutronError?.type];
const TRAITS = ['device_profile', 'numa_affinity_policy', 'hardware_offload_type', 'propagate_uplink_status'];

forEachDialect('what a port is to others', (databases) => {
  let service: ApiService;
  let admin: Persona;
  let red: Persona;
  let networkId = '';
  before(async () => {
    service = await startApiService({ databaseUrl: await databases.freshUrl() });
    admin = await service.persona('root', 'operations', ['admin']);
    red = await service.persona('rosa', 'red', ['member']);
    networkId = (await red.ask('POST', 'networks', { network: {} })).body.network.id;
  });
  after(() => service[Symbol.asyncDispose]());

  const create = (persona: Persona, given: object = {}) =>
    persona.ask('POST', 'ports', { port: { network_id: networkId, ...given } });
  const update = (persona: Persona, id: string, port: object) => persona.ask('PUT', `ports/${id}`, { port });
  const show = async (persona: Persona, id: string) => (await persona.ask('GET', `ports/${id}`)).body.port;

  test('is kept and shown', async () => {
    const plain = (await create(red)).body.port;
    assert.deepEqual(
      [...TRAITS, 'data_plane_status'].map((name) => plain[name]),
      [null, null, null, true, null],
    );
    const given = {
      device_profile: 'fpga',
      numa_affinity_policy: 'socket',
      hardware_offload_type: 'switchdev',
      propagate_uplink_status: false,
    };
    const made = (await create(red, given)).body.port;
    assert.deepEqual(Object.fromEntries(TRAITS.map((name) => [name, made[name]])), given);
    assert.deepEqual(await show(red, made.id), made);
    assert.deepEqual((await show(admin, made.id))['binding:profile'], { capabilities: ['switchdev'] });
    const changed = { numa_affinity_policy: null, propagate_uplink_status: true };
    const after = (await update(red, made.id, changed)).body.port;
    assert.deepEqual(
      [...TRAITS, 'revision_number'].map((name) => after[name]),
      ['fpga', null, 'switchdev', true, made.revision_number + 1],
    );
    assert.deepEqual((await update(red, made.id, changed)).body.port, after);
  });

  test('trust is the business of administrators, and hosts read it in the profile', async () => {
    const made = (await create(admin, { trusted: true, project_id: red.projectId })).body.port;
    assert.deepEqual([made.trusted, made['binding:profile']], [true, { trusted: true }]);
    assert.equal((await show(red, made.id)).trusted, undefined);
    const plugged = (await update(admin, made.id, { 'binding:profile': { pci_slot: '0000:01:00.1' } })).body
      .port;
    assert.deepEqual(plugged['binding:profile'], { pci_slot: '0000:01:00.1', trusted: true });
    const off = (await update(admin, made.id, { trusted: false })).body.port;
    assert.deepEqual(
      [off.trusted, off['binding:profile']],
      [false, { pci_slot: '0000:01:00.1', trusted: false }],
    );
    assert.deepEqual(errorOf(await create(red, { trusted: true })), [403, 'PolicyNotAuthorized']);
    assert.deepEqual(errorOf(await update(red, made.id, { trusted: true })), [403, 'PolicyNotAuthorized']);
    assert.deepEqual(await show(admin, made.id), off);
  });

  test('the status of the hardware comes from who watches it', async () => {
    const { id } = (await create(red)).body.port;
    const down = (await update(admin, id, { data_plane_status: 'DOWN' })).body.port;
    assert.deepEqual([down.data_plane_status, down.status], ['DOWN', 'DOWN']);
    assert.equal((await show(red, id)).data_plane_status, 'DOWN');
    const refused = await update(red, id, { data_plane_status: null });
    assert.deepEqual(errorOf(refused), [403, 'PolicyNotAuthorized']);
    assert.equal((await update(admin, id, { data_plane_status: null })).body.port.data_plane_status, null);
  });

  test('is refused where it cannot be, and nothing changes', async () => {
    const { id } = (await create(admin)).body.port;
    const before = await show(admin, id);
    for (const given of [
      { numa_affinity_policy: 'near' },
      { hardware_offload_type: 'magic' },
      { trusted: 'perhaps' },
      { propagate_uplink_status: 'perhaps' },
      { device_profile: 'x'.repeat(256) },
      { data_plane_status: 'ACTIVE' },
    ])
      assert.equal((await create(admin, given)).status, 400, JSON.stringify(given));
    for (const given of [
      { device_profile: 'fpga' },
      { hardware_offload_type: 'switchdev' },
      { data_plane_status: 'UP' },
      { numa_affinity_policy: 1 },
    ])
      assert.equal((await update(admin, id, given)).status, 400, JSON.stringify(given));
    assert.deepEqual(await show(admin, id), before);
  });
});
