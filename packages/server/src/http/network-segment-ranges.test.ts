import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type ApiAnswer, type ApiService, type Persona, startApiService } from '../testing/api-service.ts';
import { forEachDialect } from '../testing/databases.ts';

const errorOf = ({ status, body }: ApiAnswer) => [status, body?.NeutronError?.type];
type Made = ReturnType<typeof JSON.parse>;

forEachDialect('network segment ranges', (databases) => {
  let service: ApiService;
  let admin: Persona;
  let red: Persona;
  let url: string;
  const settings = { ml2: { geneveVniRanges: ['1:4'], vxlanVniRanges: ['50:60'] } };
  before(async () => {
    url = await databases.freshUrl();
    service = await startApiService({ databaseUrl: url, settings });
    admin = await service.persona('ada', 'admin', ['admin']);
    red = await service.persona('rosa', 'red', ['member']);
  });
  after(() => service[Symbol.asyncDispose]());

  const create = (given: object) =>
    admin.ask('POST', 'network_segment_ranges', { network_segment_range: given });
  const make = async (given: object): Promise<Made> => {
    const answer = await create(given);
    assert.equal(answer.status, 201, JSON.stringify(answer.body));
    return answer.body.network_segment_range;
  };
  const show = async (id: string): Promise<Made> =>
    (await admin.ask('GET', `network_segment_ranges/${id}`)).body.network_segment_range;
  const network = async (given: object = {}, persona = red): Promise<Made> => {
    const answer = await persona.ask('POST', 'networks', { network: given });
    assert.equal(answer.status, 201, JSON.stringify(answer.body));
    return (await admin.ask('GET', `networks/${answer.body.network.id}`)).body.network;
  };
  const remove = async (path: string) => assert.equal((await admin.ask('DELETE', path)).status, 204, path);

  test('those of the configuration are there, and stay', async () => {
    const all = (await admin.ask('GET', 'network_segment_ranges?sort_key=minimum&sort_dir=asc')).body;
    const facts = all.network_segment_ranges.map((range: Made) => [
      range.network_type,
      range.physical_network,
      range.minimum,
      range.maximum,
      range.default,
      range.shared,
      range.project_id,
    ]);
    assert.deepEqual(facts, [
      ['geneve', '', 1, 4, true, true, null],
      ['vxlan', '', 50, 60, true, true, null],
      ['vlan', 'physnet', 100, 199, true, true, null],
    ]);
    const [{ id, available, used }] = all.network_segment_ranges;
    assert.deepEqual([available, used], [[1, 2, 3, 4], {}]);
    const path = `network_segment_ranges/${id}`;
    const rename = { network_segment_range: { name: 'mine' } };
    for (const answer of [await admin.ask('PUT', path, rename), await admin.ask('DELETE', path)])
      assert.deepEqual(errorOf(answer), [400, 'NetworkSegmentRangeDefaultReadOnly']);
    assert.equal((await red.ask('GET', path)).status, 404);
    assert.deepEqual((await red.ask('GET', 'network_segment_ranges')).body, { network_segment_ranges: [] });
    assert.equal((await red.ask('POST', 'network_segment_ranges', rename)).status, 400);
    assert.equal((await admin.ask('PUT', `${path}/tags/first`)).status, 201);
    assert.deepEqual((await show(id)).tags, ['first']);
  });

  test('follow the configuration when the service starts again', async () => {
    const other = { ml2: { geneveVniRanges: ['1:4'], vxlanVniRanges: ['50:55'] } };
    const again = await startApiService({ databaseUrl: url, settings: other });
    await again[Symbol.asyncDispose]();
    const { body } = await admin.ask(
      'GET',
      'network_segment_ranges?sort_key=minimum&sort_dir=asc&fields=maximum',
    );
    assert.deepEqual(
      body.network_segment_ranges.map((range: Made) => range.maximum),
      [4, 55, 199],
    );
  });

  test('come, are renamed, widened and go', async () => {
    const made = await make({ name: 'a', network_type: 'vxlan', minimum: 1100, maximum: 1105 });
    assert.deepEqual(
      [made.default, made.shared, made.project_id, made.physical_network, made.revision_number],
      [false, true, null, '', 1],
    );
    const change = { name: 'b', minimum: 1050, maximum: 1155 };
    const path = `network_segment_ranges/${made.id}`;
    const { body } = await admin.ask('PUT', path, { network_segment_range: change });
    const { minimum, maximum, revision_number: revision } = body.network_segment_range;
    assert.deepEqual([minimum, maximum, revision], [1050, 1155, 2]);
    assert.equal(body.network_segment_range.available.length, 106);
    await remove(path);
    assert.deepEqual(errorOf(await admin.ask('GET', path)), [404, 'NetworkSegmentRangeNotFound']);
  });

  test('one of a project serves it alone, before those for all', async () => {
    const own = { network_type: 'geneve', shared: false, project_id: red.projectId };
    const range = await make({ ...own, minimum: 3, maximum: 4 });
    assert.equal(range.project_id, red.projectId);
    const ids: number[] = [];
    const networks: Made[] = [];
    const taken = async (persona: Persona) => {
      const made = await network({}, persona);
      networks.push(made);
      return made['provider:segmentation_id'];
    };
    for (let count = 0; count < 2; count += 1) ids.push(await taken(red));
    assert.deepEqual(ids.toSorted(), [3, 4]);
    assert.deepEqual((await show(range.id)).used, { 3: red.projectId, 4: red.projectId });
    assert.deepEqual((await show(range.id)).available, []);
    assert.ok([1, 2].includes(await taken(admin)));
    assert.ok([1, 2].includes(await taken(red)));
    const full = await admin.ask('POST', 'networks', { network: {} });
    assert.deepEqual(errorOf(full), [503, 'NoNetworkAvailable']);
    const path = `network_segment_ranges/${range.id}`;
    const shrink = { network_segment_range: { minimum: 4, maximum: 100 } };
    for (const answer of [await admin.ask('PUT', path, shrink), await admin.ask('DELETE', path)])
      assert.deepEqual(errorOf(answer), [409, 'NetworkSegmentRangeReferencedByProject']);
    for (const { id } of networks) await remove(`networks/${id}`);
    assert.deepEqual((await show(range.id)).available, [3, 4]);
    await remove(path);
  });

  test('a range brings its physical network with it', async () => {
    const vlan = { 'provider:network_type': 'vlan', 'provider:physical_network': 'wire' };
    const unknown = await admin.ask('POST', 'networks', { network: vlan });
    assert.deepEqual(errorOf(unknown), [400, 'InvalidInput']);
    const wire = { network_type: 'vlan', physical_network: 'wire' };
    const range = await make({ ...wire, minimum: 7, maximum: 7 });
    const made = await network(vlan, admin);
    assert.equal(made['provider:segmentation_id'], 7);
    await remove(`networks/${made.id}`);
    await remove(`network_segment_ranges/${range.id}`);
  });

  test('what cannot be is refused, and changes nothing', async () => {
    const range = await make({ network_type: 'vxlan', minimum: 10, maximum: 20 });
    const before = (await admin.ask('GET', 'network_segment_ranges')).body;
    for (const [given, status, type] of [
      [{ network_type: 'vxlan', minimum: 20, maximum: 30 }, 409, 'NetworkSegmentRangeOverlaps'],
      [{ network_type: 'vxlan', minimum: 30, maximum: 29 }, 400, 'InvalidInput'],
      [{ network_type: 'vxlan', minimum: 1, maximum: 2 ** 24 }, 400, 'InvalidInput'],
      [{ network_type: 'vxlan', minimum: 0, maximum: 2 }, 400, 'HTTPBadRequest'],
      [{ network_type: 'vlan', minimum: 1, maximum: 2 }, 400, 'InvalidInput'],
      [{ network_type: 'vlan', physical_network: 'p', minimum: 1, maximum: 4095 }, 400, 'InvalidInput'],
      [{ network_type: 'gre', minimum: 1, maximum: 2 }, 400, 'NetworkSegmentRangeNetTypeNotSupported'],
      [{ network_type: 'flat', minimum: 1, maximum: 2 }, 400, 'HTTPBadRequest'],
      [{ network_type: 'vxlan', maximum: 2 }, 400, 'HTTPBadRequest'],
    ] as const)
      assert.deepEqual(errorOf(await create(given)), [status, type], JSON.stringify(given));
    const move = { network_segment_range: { minimum: 30 } };
    const moved = await admin.ask('PUT', `network_segment_ranges/${range.id}`, move);
    assert.deepEqual(errorOf(moved), [400, 'InvalidInput']);
    assert.deepEqual((await admin.ask('GET', 'network_segment_ranges')).body, before);
  });
});
