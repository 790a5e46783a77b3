import assert from 'node:assert/strict';
import { it } from 'node:test';
import { network, parseListQuery } from '@ovenbird/api';
import { listRows } from '../../db/query/rows.ts';
import { forEachDialect } from '../../testing/databases.ts';
import { userContext } from '../../testing/ml2-stack.ts';
import { provider, setUpNetworks } from '../../testing/network-fixture.ts';

forEachDialect('lists of networks', (databases) => {
  const setUp = async () => {
    const { database, stack } = await setUpNetworks(databases);
    const make = async (name: string, attributes: object, projectId: string) =>
      (await stack.createNetwork({ name, ...attributes }, projectId)).name;
    await make('own', { availability_zone_hints: ['nova'] }, 'p1');
    await make('foreign', {}, 'p2');
    await make(
      'shared',
      { shared: true, vlan_transparent: true, ...provider('vlan', 'physnet1', 120) },
      'p2',
    );
    await make(
      'external',
      { 'router:external': true, is_default: true, ...provider('flat', 'physnet3') },
      'p2',
    );
    await make(
      'several',
      { segments: [provider('vlan', 'physnet1', 121), provider('flat', 'physnet1')] },
      'p2',
    );
    const { store } = stack.networks;
    const list = (everything: boolean, ...pairs: readonly (readonly [string, string])[]) =>
      database.read(async (reader) => {
        const context = userContext('p1');
        const scope = everything
          ? ('everything' as const)
          : { projectId: context.projectId, visible: store.visibleTo?.(context) };
        const rows = await listRows(reader, store, parseListQuery(network, pairs), scope);
        const found = await store.assemble(reader, rows, undefined);
        return found.map((one) => one.name).toSorted();
      });
    return { database, stack, list };
  };

  it('show own, shared and external ones to a project, and all to an administrator', async () => {
    const { database, stack, list } = await setUp();
    assert.deepEqual(await list(false), ['external', 'own', 'shared']);
    assert.deepEqual(await list(true), ['external', 'foreign', 'own', 'several', 'shared']);
    const [foreign] = await database.read(({ query }) =>
      query.selectFrom('networks').select('id').where('name', '=', 'foreign').execute(),
    );
    await stack.run(({ tx }) =>
      tx.query
        .insertInto('rbac_entries')
        .values({
          id: 'entry',
          project_id: 'p2',
          object_type: 'network',
          object_id: foreign?.id ?? '',
          action: 'access_as_shared',
          target_project: 'p1',
        })
        .execute(),
    );
    assert.deepEqual(await list(false), ['external', 'foreign', 'own', 'shared']);
  });

  const filters: readonly (readonly [
    pairs: readonly (readonly [string, string])[],
    names: readonly string[],
  ])[] = [
    [[['name', 'own']], ['own']],
    [[['shared', 'true']], ['shared']],
    [
      [
        ['shared', 'false'],
        ['router:external', 'False'],
      ],
      ['foreign', 'own', 'several'],
    ],
    [
      [
        ['shared', 'true'],
        ['shared', 'false'],
      ],
      ['external', 'foreign', 'own', 'several', 'shared'],
    ],
    [[['router:external', 'True']], ['external']],
    [[['provider:network_type', 'vlan']], ['several', 'shared']],
    [
      [
        ['provider:network_type', 'vlan'],
        ['provider:network_type', 'geneve'],
      ],
      ['foreign', 'own', 'several', 'shared'],
    ],
    [[['provider:physical_network', 'physnet3']], ['external']],
    [[['provider:physical_network', '']], ['foreign', 'own']],
    [[['provider:segmentation_id', '120']], ['shared']],
    [[['provider:segmentation_id', '99999999999999']], []],
    [[['mtu', '1442']], ['foreign', 'own']],
    [[['admin_state_up', 'false']], []],
    [[['is_default', 'true']], ['external']],
    [
      [
        ['sort_key', 'availability_zone_hints'],
        ['sort_dir', 'asc'],
        ['is_default', 'true'],
      ],
      ['external'],
    ],
    [[['vlan_transparent', 'true']], ['shared']],
    [
      [
        ['provider:segmentation_id', '120'],
        ['provider:segmentation_id', ''],
      ],
      ['external', 'several', 'shared'],
    ],
    [
      [
        ['status', 'ACTIVE'],
        ['project_id', 'p1'],
      ],
      ['own'],
    ],
  ];
  it('are filtered by what lives in other tables too', async () => {
    const { list } = await setUp();
    for (const [pairs, names] of filters)
      assert.deepEqual(await list(true, ...pairs), names, JSON.stringify(pairs));
  });
});
