import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { type ApiAnswer, type ApiService, type Persona, startApiService } from '../testing/api-service.ts';
import { forEachDialect } from '../testing/databases.ts';

const errorOf = ({ status, body }: ApiAnswer) => [status, body?.NeutronError?.type];
type Made = ReturnType<typeof JSON.parse>;

forEachDialect('trunks', (databases) => {
  let service: ApiService;
  let admin: Persona;
  let red: Persona;
  let blue: Persona;
  let reader: Persona;
  let network: Made;
  before(async () => {
    service = await startApiService({ databaseUrl: await databases.freshUrl() });
    admin = await service.persona('root', 'operations', ['admin']);
    red = await service.persona('rosa', 'red', ['member']);
    blue = await service.persona('bert', 'blue', ['member']);
    reader = await service.persona('rita', 'red', ['reader']);
    network = await make(red, 'networks', { network: { name: 'n' } });
  });
  after(() => service[Symbol.asyncDispose]());

  const make = async (persona: Persona, path: string, body: object): Promise<Made> => {
    const answer = await persona.ask('POST', path, body);
    assert.equal(answer.status, 201, JSON.stringify(answer.body));
    return Object.values(answer.body)[0];
  };
  const port = (given: object = {}): Promise<Made> =>
    make(red, 'ports', { port: { network_id: network.id, ...given } });
  const vlan = (portId: string, id: unknown) => ({
    port_id: portId,
    segmentation_type: 'vlan',
    segmentation_id: id,
  });
  const trunk = async (given: object = {}): Promise<Made> =>
    make(red, 'trunks', { trunk: { port_id: (await port()).id, ...given } });
  const shown = async (id: string, persona = admin): Promise<Made> =>
    (await persona.ask('GET', `ports/${id}`)).body.port;
  const act = (persona: Persona, id: string, action: string, subPorts: unknown) =>
    persona.ask('PUT', `trunks/${id}/${action}`, { sub_ports: subPorts });

  test('are made, shown, listed, updated and deleted', async () => {
    const [parent, first, second] = [await port(), await port(), await port()];
    const below = [vlan(second.id, '20'), vlan(first.id, 10)];
    const made = await trunk({ port_id: parent.id, name: 't', description: 'd', sub_ports: below });
    const expected = [vlan(first.id, 10), vlan(second.id, 20)];
    assert.deepEqual([made.status, made.admin_state_up, made.tags], ['ACTIVE', true, []]);
    assert.deepEqual(made.sub_ports, expected);
    assert.equal(made.project_id, red.projectId);
    assert.deepEqual((await red.ask('GET', `trunks/${made.id}`)).body.trunk, made);
    assert.deepEqual((await red.ask('GET', `trunks?port_id=${parent.id}`)).body.trunks, [made]);
    assert.deepEqual((await blue.ask('GET', 'trunks')).body.trunks, []);
    assert.deepEqual((await reader.ask('GET', `trunks/${made.id}/get_subports`)).body, {
      sub_ports: expected,
    });
    const details = (await shown(parent.id, red)).trunk_details;
    assert.deepEqual(details, {
      trunk_id: made.id,
      sub_ports: [
        { ...vlan(first.id, 10), mac_address: first.mac_address },
        { ...vlan(second.id, 20), mac_address: second.mac_address },
      ],
    });
    const update = { trunk: { name: 'u', admin_state_up: false } };
    const updated = (await red.ask('PUT', `trunks/${made.id}`, update)).body.trunk;
    assert.deepEqual(
      [updated.name, updated.admin_state_up, updated.description, updated.revision_number],
      ['u', false, 'd', made.revision_number + 1],
    );
    for (const answer of [
      await red.ask('DELETE', `trunks/${made.id}`),
      await act(red, made.id, 'add_subports', [vlan((await port()).id, 30)]),
      await act(red, made.id, 'remove_subports', [{ port_id: first.id }]),
    ])
      assert.deepEqual(errorOf(answer), [409, 'TrunkDisabled']);
    await red.ask('PUT', `trunks/${made.id}`, { trunk: { admin_state_up: true } });
    assert.equal((await red.ask('DELETE', `trunks/${made.id}`)).status, 204);
    assert.deepEqual(errorOf(await red.ask('GET', `trunks/${made.id}`)), [404, 'TrunkNotFound']);
    assert.equal('trunk_details' in (await shown(parent.id)), false);
    assert.equal((await shown(first.id)).device_owner, '');
    for (const { id } of [parent, first, second])
      assert.equal((await red.ask('DELETE', `ports/${id}`)).status, 204);
  });

  test('gain and lose sub-ports, whose binding follows', async () => {
    const made = await trunk();
    const [one, two] = [await port(), await port()];
    const added = await act(red, made.id, 'add_subports', [vlan(one.id, 5), vlan(two.id, 6)]);
    assert.deepEqual(
      [added.status, added.body.id, added.body.sub_ports],
      [200, made.id, [vlan(one.id, 5), vlan(two.id, 6)]],
    );
    assert.ok(added.body.revision_number > made.revision_number);
    const inside = await shown(one.id);
    assert.equal(inside.device_owner, 'trunk:subport');
    assert.deepEqual(inside['binding:profile'], { parent_name: made.port_id, tag: 5 });
    assert.equal(inside['binding:vif_type'], 'ovs');
    assert.ok(inside.revision_number > one.revision_number);
    const inUse = await red.ask('DELETE', `ports/${one.id}`);
    assert.deepEqual(errorOf(inUse), [409, 'PortInUseAsSubPort']);
    const parentInUse = await red.ask('DELETE', `ports/${made.port_id}`);
    assert.deepEqual(errorOf(parentInUse), [409, 'PortInUseAsTrunkParent']);
    const removed = await act(red, made.id, 'remove_subports', [{ port_id: one.id }]);
    assert.deepEqual(removed.body.sub_ports, [vlan(two.id, 6)]);
    const outside = await shown(one.id);
    assert.deepEqual(
      [outside.device_owner, outside['binding:profile'], outside['binding:vif_type']],
      ['', {}, 'unbound'],
    );
    const again = await act(red, made.id, 'remove_subports', [vlan(one.id, 5)]);
    assert.deepEqual(errorOf(again), [404, 'SubPortNotFound']);
    assert.equal((await act(red, made.id, 'add_subports', [vlan(one.id, 5)])).status, 200);
  });

  test('inherit the VLAN of a network', async () => {
    const segment = {
      'provider:network_type': 'vlan',
      'provider:physical_network': 'physnet',
      'provider:segmentation_id': 123,
    };
    const outer = await make(admin, 'networks', { network: { project_id: red.projectId, ...segment } });
    const [parent, below] = [await port({ network_id: outer.id }), await port({ network_id: outer.id })];
    const inherit = { port_id: below.id, segmentation_type: 'inherit' };
    const made = await trunk({ port_id: parent.id, sub_ports: [inherit] });
    assert.deepEqual(made.sub_ports, [vlan(below.id, 123)]);
    const tunnelled = { port_id: (await port()).id, segmentation_type: 'inherit' };
    assert.deepEqual(errorOf(await act(red, made.id, 'add_subports', [tunnelled])), [400, 'InvalidInput']);
  });

  test('refuse what cannot be, and change nothing', async () => {
    const [parent, free, busy] = [await port(), await port(), await port({ device_id: 'machine' })];
    const taken = await port();
    const made = await trunk({ sub_ports: [vlan(taken.id, 7)] });
    const foreign = await make(blue, 'networks', { network: {} });
    const theirs = await make(blue, 'ports', { port: { network_id: foreign.id } });
    const small = await make(red, 'networks', { network: { mtu: 1000 } });
    const narrow = await port({ network_id: small.id });
    const bound = await make(admin, 'ports', {
      port: { network_id: network.id, 'binding:host_id': 'h', project_id: red.projectId },
    });
    const at = (portId: string, below: unknown) => ({ trunk: { port_id: portId, sub_ports: below } });
    const id = parent.id;
    const creations: readonly (readonly [object, number, string])[] = [
      [at(randomUUID(), []), 404, 'PortNotFound'],
      [at(theirs.id, []), 404, 'PortNotFound'],
      [at(made.port_id, []), 409, 'ParentPortInUse'],
      [at(taken.id, []), 409, 'TrunkPortInUse'],
      [at(bound.id, []), 409, 'ParentPortInUse'],
      [at(id, [vlan(randomUUID(), 2)]), 404, 'PortNotFound'],
      [at(id, [vlan(theirs.id, 2)]), 404, 'PortNotFound'],
      [at(id, [vlan(id, 2)]), 409, 'ParentPortInUse'],
      [at(id, [vlan(made.port_id, 2)]), 409, 'ParentPortInUse'],
      [at(id, [vlan(taken.id, 2)]), 409, 'TrunkPortInUse'],
      [at(id, [vlan(busy.id, 2)]), 409, 'PortInUse'],
      [at(narrow.id, [vlan(free.id, 2)]), 409, 'SubPortMtuGreaterThanTrunkPortMtu'],
      [at(id, [vlan(free.id, 0)]), 400, 'InvalidInput'],
      [at(id, [vlan(free.id, 4095)]), 400, 'InvalidInput'],
      [at(id, [{ port_id: free.id }]), 400, 'InvalidInput'],
      [at(id, [{ ...vlan(free.id, 2), segmentation_type: 'vxlan' }]), 400, 'InvalidInput'],
      [at(id, [{ port_id: free.id, segmentation_type: 'vlan' }]), 400, 'HTTPBadRequest'],
      [at(id, [{ port_id: free.id, segmentation_id: 2 }]), 400, 'HTTPBadRequest'],
      [at(id, [{ segmentation_type: 'vlan', segmentation_id: 2 }]), 400, 'HTTPBadRequest'],
      [at(id, [vlan(free.id, 'x')]), 400, 'HTTPBadRequest'],
      [at(id, [vlan(free.id, 2), vlan(free.id, 3)]), 400, 'HTTPBadRequest'],
      [at(id, [vlan(free.id, 2), vlan(narrow.id, 2)]), 400, 'HTTPBadRequest'],
      [at(id, {}), 400, 'HTTPBadRequest'],
      [at(id, [7]), 400, 'HTTPBadRequest'],
      [{ trunk: {} }, 400, 'HTTPBadRequest'],
    ];
    for (const [body, status, type] of creations)
      assert.deepEqual(errorOf(await red.ask('POST', 'trunks', body)), [status, type], JSON.stringify(body));
    const additions: readonly (readonly [unknown, number, string])[] = [
      [[vlan(free.id, 7)], 409, 'DuplicateSubPort'],
      [[vlan(made.port_id, 2)], 409, 'ParentPortInUse'],
      [[vlan(free.id, 2), vlan(randomUUID(), 3)], 404, 'PortNotFound'],
      [vlan(free.id, 2), 400, 'InvalidInput'],
      [undefined, 400, 'InvalidInput'],
    ];
    for (const [below, status, type] of additions)
      assert.deepEqual(errorOf(await act(red, made.id, 'add_subports', below)), [status, type]);
    assert.deepEqual(errorOf(await act(red, randomUUID(), 'add_subports', [])), [404, 'TrunkNotFound']);
    assert.deepEqual(errorOf(await act(blue, made.id, 'add_subports', [])), [404, 'TrunkNotFound']);
    assert.equal((await act(reader, made.id, 'add_subports', [])).status, 403);
    assert.deepEqual((await red.ask('GET', `trunks/${made.id}`)).body.trunk, made);
    assert.deepEqual(await shown(free.id, red), free);
    const elsewhere = { port: { 'binding:host_id': 'where nothing carries trunks' } };
    assert.equal((await admin.ask('PUT', `ports/${made.port_id}`, elsewhere)).status, 200);
    assert.deepEqual(errorOf(await red.ask('DELETE', `trunks/${made.id}`)), [409, 'TrunkInUse']);
  });

  test('take one port once, whoever asks at the same time', async () => {
    const below = await port();
    const trunks = [await trunk(), await trunk(), await trunk()];
    const answers = await Promise.all(
      trunks.map(({ id }) => act(red, id, 'add_subports', [vlan(below.id, 9)])),
    );
    assert.deepEqual(
      answers.map(({ status }) => status).toSorted((a, b) => a - b),
      [200, 409, 409],
    );
  });
});
