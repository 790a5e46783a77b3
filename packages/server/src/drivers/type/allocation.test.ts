import assert from 'node:assert/strict';
import { it } from 'node:test';
import { ApiError } from '@ovenbird/api';
import type { Database } from '../../db/database.ts';
import type { TypeDriver } from '../../ml2/contract.ts';
import { createMtu } from '../../ml2/mtu.ts';
import { forEachDialect } from '../../testing/databases.ts';
import { createFlatTypeDriver } from './flat.ts';
import { createLocalTypeDriver } from './local.ts';
import { createTunnelTypeDriver } from './tunnel.ts';
import { createVlanTypeDriver } from './vlan.ts';

// What segments each type gives, and in which order, with ranges of the configuration and of administrators.
const mtus = {
  globalPhysnetMtu: 1500,
  physicalNetworkMtus: { narrow: 1400, wide: 9000, none: 0, null: 1300 },
};
/** Always the first id that could be taken. */
const first = (): number => 0;
const vlan = createVlanTypeDriver({ ...mtus, networkVlanRanges: ['a:100:102', 'b:200:200', 'bare'] }, first);
const overlay = { globalPhysnetMtu: 1500, pathMtu: 1450, overlayIpVersion: 4 } as const;
const traits = { type: 'vxlan', ids: { min: 1, max: 1000 }, ranges: ['5:6', '9:9'], headerSize: 30 };
const tunnel = createTunnelTypeDriver(traits, overlay, first);
const flat = createFlatTypeDriver({ ...mtus, flatNetworks: ['*'] });
const local = createLocalTypeDriver();

type Taken = string | undefined;

/** `a/100`; undefined: none is left; an error's type and message. */
const take = (
  database: Database,
  driver: TypeDriver,
  physicalNetwork?: string,
  segmentationId?: number,
  projectId?: string,
): Promise<Taken> =>
  database
    .transaction((tx) => driver.allocate(tx, { physicalNetwork, segmentationId, projectId }))
    .then(
      (found) => found && `${found.physicalNetwork ?? ''}/${found.segmentationId ?? ''}`,
      (error: unknown) => {
        if (error instanceof ApiError) return `${error.status} ${error.type}: ${error.message}`;
        throw error;
      },
    );

const give = (
  database: Database,
  driver: TypeDriver,
  physicalNetwork: string | null,
  segmentationId: number | null,
): Promise<void> =>
  database.transaction((tx) =>
    driver.release(tx, {
      id: 's',
      networkId: 'n',
      networkType: driver.type,
      physicalNetwork,
      segmentationId,
    }),
  );

const setAside = (
  database: Database,
  [physical_network, minimum, maximum]: readonly [string, number, number],
  project_id: string | null,
  more: { readonly network_type?: string; readonly is_default?: 1 } = {},
): Promise<unknown> =>
  database.transaction(({ query }) =>
    query
      .insertInto('network_segment_ranges')
      .values({
        id: `${physical_network}${minimum}${project_id}${more.is_default}${more.network_type}`,
        project_id,
        name: '',
        description: '',
        is_default: 0,
        shared: project_id === null ? 1 : 0,
        network_type: 'vlan',
        physical_network,
        minimum,
        maximum,
        created_at: '',
        updated_at: '',
        revision_number: 0,
        ...more,
      })
      .execute(),
  );

forEachDialect('segments that type drivers give', (databases) => {
  it('vlan: given ones, then free ones of the ranges in order, and what was given back', async () => {
    const database = await databases.open();
    assert.equal(await take(database, vlan, 'a', 101), 'a/101');
    assert.match(String(await take(database, vlan, 'a', 101)), /^409 VlanIdInUse: .*101.*\ba\b/);
    assert.equal(await take(database, vlan, 'bare', 7), 'bare/7');
    assert.equal(
      await take(database, vlan, 'c', 7),
      "400 InvalidInput: Invalid input for operation: physical_network 'c' unknown for VLAN provider network.",
    );
    assert.match(String(await take(database, vlan, 'c')), /^400 InvalidInput/);
    assert.deepEqual(
      [await take(database, vlan), await take(database, vlan, 'b'), await take(database, vlan, 'b')],
      ['a/100', 'b/200', undefined],
    );
    assert.deepEqual(
      [await take(database, vlan), await take(database, vlan), await take(database, vlan, 'bare')],
      ['a/102', undefined, undefined],
    );
    await give(database, vlan, null, 101);
    await give(database, vlan, 'a', null);
    await give(database, vlan, 'b', 101);
    assert.equal(await take(database, vlan), undefined);
    await give(database, vlan, 'a', 101);
    assert.equal(await take(database, vlan), 'a/101');
  });

  it('vlan: a range set aside for a project goes first to it and to nobody else; one for all to everybody', async () => {
    const database = await databases.open();
    await setAside(database, ['a', 101, 102], 'red');
    await setAside(database, ['b', 200, 200], 'blue');
    await setAside(database, ['d', 300, 300], null);
    // What the configuration says is known already, and other types are others.
    await setAside(database, ['e', 400, 400], null, { is_default: 1 });
    await setAside(database, ['f', 500, 500], null, { network_type: 'vxlan' });
    const all = async (project?: string): Promise<readonly Taken[]> => {
      const found: Taken[] = [];
      for (let one = await take(database, vlan, undefined, undefined, project); one !== undefined; ) {
        found.push(one);
        one = await take(database, vlan, undefined, undefined, project);
      }
      for (const one of found) {
        const [place = '', id] = String(one).split('/');
        await give(database, vlan, place, Number(id));
      }
      return found;
    };
    assert.deepEqual(await all('red'), ['a/101', 'a/102', 'a/100', 'd/300']);
    assert.deepEqual(await all('blue'), ['b/200', 'a/100', 'd/300']);
    assert.deepEqual(await all('green'), ['a/100', 'd/300']);
    assert.deepEqual(await all(), ['a/100', 'd/300']);
    assert.equal(await take(database, vlan, 'd'), 'd/300');
    for (const unknown of ['e', 'f'])
      assert.match(String(await take(database, vlan, unknown)), /^400 InvalidInput/);
    assert.equal(await take(database, vlan, 'b', undefined, 'red'), undefined);
  });

  it('tunnels: given ones, then free ones, and what was given back', async () => {
    const database = await databases.open();
    assert.equal(await take(database, tunnel, undefined, 6), '/6');
    assert.match(String(await take(database, tunnel, undefined, 6)), /^409 TunnelIdInUse: .*6/);
    assert.equal(await take(database, tunnel, undefined, 800), '/800');
    assert.deepEqual(
      [await take(database, tunnel), await take(database, tunnel), await take(database, tunnel)],
      ['/5', '/9', undefined],
    );
    await give(database, tunnel, null, null);
    await give(database, tunnel, null, 9);
    assert.equal(await take(database, tunnel), '/9');
    await setAside(database, ['', 20, 20], 'red', { network_type: 'vxlan' });
    assert.equal(await take(database, tunnel), undefined);
    assert.equal(await take(database, tunnel, undefined, undefined, 'red'), '/20');
    assert.equal(await take(database, vlan, 'a', 6), 'a/6');
  });

  it('flat: one network a physical network, never chosen; local: no end of them', async () => {
    const database = await databases.open();
    assert.equal(await take(database, flat), undefined);
    assert.equal(await take(database, flat, 'x'), 'x/');
    assert.match(String(await take(database, flat, 'x')), /^409 FlatNetworkInUse: .*\bx\b/);
    assert.equal(await take(database, flat, 'y'), 'y/');
    await give(database, flat, null, null);
    assert.match(String(await take(database, flat, 'x')), /^409/);
    await give(database, flat, 'x', null);
    assert.equal(await take(database, flat, 'x'), 'x/');
    assert.deepEqual([await take(database, local), await take(database, local)], ['/', '/']);
    await give(database, local, null, null);
  });

  it('what is taken stands in one row, whatever the type; nothing for what has no end', async () => {
    const database = await databases.open();
    const rows = (): Promise<unknown> =>
      database.read(({ query }) =>
        query.selectFrom('segment_allocations').selectAll().orderBy('network_type').execute(),
      );
    const row = (network_type: string, physical_network: string, segmentation_id: number) => ({
      network_type,
      physical_network,
      segmentation_id,
    });
    await take(database, flat, 'x');
    await take(database, tunnel, undefined, 9);
    await take(database, vlan, 'a', 100);
    await take(database, local);
    assert.deepEqual(await rows(), [row('flat', 'x', 0), row('vlan', 'a', 100), row('vxlan', '', 9)]);
    await give(database, vlan, 'a', 100);
    await give(database, flat, 'x', null);
    await give(database, tunnel, null, 9);
    assert.deepEqual(await rows(), []);
    const anything = { physicalNetwork: undefined, segmentationId: undefined };
    await database.transaction(async (tx) => {
      assert.deepEqual(await local.allocate(tx, { ...anything, projectId: undefined }), anything);
      const segment = { id: 's', networkId: 'n', networkType: 'local' };
      const released = local.release(tx, { ...segment, physicalNetwork: null, segmentationId: null });
      assert.ok(released instanceof Promise);
    });
    // On any physical network.
    flat.validate({ ...anything, physicalNetwork: 'anywhere' });
  });

  it('each with its traits and the MTU that it carries', async () => {
    const drivers = [vlan, tunnel, flat, local];
    assert.deepEqual(
      drivers.map(({ type, physical, pool }) => [type, physical, pool?.bounds]),
      [
        ['vlan', true, { min: 1, max: 4094 }],
        ['vxlan', false, traits.ids],
        ['flat', true, undefined],
        ['local', false, undefined],
      ],
    );
    assert.deepEqual(
      tunnel.pool?.configured,
      new Map([
        [
          '',
          [
            { min: 5, max: 6 },
            { min: 9, max: 9 },
          ],
        ],
      ]),
    );
    for (const { mtu } of [vlan, flat])
      assert.deepEqual(['narrow', 'wide', 'none', 'other', null].map(mtu), [1400, 1500, 1500, 1500, 1500]);
    const free = { globalPhysnetMtu: 0, pathMtu: 0, overlayIpVersion: 6 } as const;
    const bare = createFlatTypeDriver({
      globalPhysnetMtu: 0,
      physicalNetworkMtus: { x: 1300 },
      flatNetworks: [],
    });
    assert.deepEqual([bare.mtu('x'), bare.mtu('y'), bare.mtu(null)], [1300, undefined, undefined]);
    assert.equal(tunnel.mtu(null), 1450 - 20 - 30);
    assert.equal(createTunnelTypeDriver(traits, { ...free, globalPhysnetMtu: 1500 }, first).mtu(null), 1430);
    assert.equal(createTunnelTypeDriver(traits, free, first).mtu(null), undefined);
    // The least that carries IPv4, and one less.
    const least = { ...free, globalPhysnetMtu: 1500, pathMtu: 68 + 40 + 30 };
    assert.equal(createTunnelTypeDriver(traits, least, first).mtu(null), 68);
    for (const pathMtu of [1, 70, least.pathMtu - 1])
      assert.throws(
        () => createTunnelTypeDriver(traits, { ...least, pathMtu }, first),
        /^OverlayMtuError: .*vxlan networks.* at least 138 octets, not \d+$/,
      );
    assert.equal(local.mtu(null), undefined);
    const segment = { networkType: 'local', physicalNetwork: null };
    const limited = createMtu(
      new Map([
        ['local', local],
        ['flat', flat],
      ]),
      1200,
    );
    assert.deepEqual([limited.resolve([segment], 0), limited.resolve([segment], 1200)], [1200, 1200]);
    assert.throws(() => limited.resolve([segment], 1201), /too big, maximum is 1200/);
    const narrow = { networkType: 'flat', physicalNetwork: 'narrow' };
    assert.equal(limited.resolve([segment, narrow], 0), 1400);
    assert.equal(createMtu(new Map([['local', local]]), 0).resolve([segment], 65_000), 65_000);
  });
});
