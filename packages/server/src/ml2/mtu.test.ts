import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { createFlatTypeDriver } from '../drivers/type/flat.ts';
import { createGeneveTypeDriver } from '../drivers/type/geneve.ts';
import { createGreTypeDriver } from '../drivers/type/gre.ts';
import { createLocalTypeDriver } from '../drivers/type/local.ts';
import { createVlanTypeDriver } from '../drivers/type/vlan.ts';
import { createVxlanTypeDriver } from '../drivers/type/vxlan.ts';
import { createMtu } from './mtu.ts';

const IP_OF = { 4: 20, 6: 40 };
const ETHERNET = 14;
const UDP = 8;
/** Headers between the outer IP header and what the frame inside carries, as the protocols have them. */
const HEADERS: { readonly [type: string]: (geneveOptions: number) => number } = {
  vxlan: () => UDP + 8 + ETHERNET,
  gre: () => 4 + 4 + ETHERNET,
  geneve: (options) => UDP + 8 + options + ETHERNET,
};
/** OVN needs room for one option of so many octets; more only in multiples of four. */
const OVN_OPTION = 8;

const size = fc.integer({ min: 576, max: 65_535 });
const world = fc.record({
  global: size,
  path: fc.oneof(fc.constant(0), size),
  own: fc.oneof(fc.constant(0), size),
  version: fc.constantFrom(4 as const, 6 as const),
  options: fc.integer({ min: OVN_OPTION / 4, max: 55 }).map((words) => words * 4),
  segments: fc.array(
    fc.constantFrom('local', 'flat:here', 'flat:there', 'vlan:here', 'vlan:there', 'vxlan', 'gre', 'geneve'),
    { maxLength: 4 },
  ),
});
type World = typeof world extends fc.Arbitrary<infer T> ? T : never;

/** Whether a packet of so many octets gets through a segment. */
const passes = ({ global, path, own, version, options }: World, segment: string, octets: number): boolean => {
  const [type = '', physical] = segment.split(':');
  const headers = HEADERS[type];
  if (headers === undefined) return octets <= global && (physical !== 'here' || own === 0 || octets <= own);
  const outside = octets + headers(options) + IP_OF[version];
  return outside <= global && (path === 0 || outside <= path);
};

const ours = ({ global, path, own, version, options }: World) => {
  const physical = { globalPhysnetMtu: global, physicalNetworkMtus: { here: own } };
  const overlay = { globalPhysnetMtu: global, pathMtu: path, overlayIpVersion: version };
  const geneveMaxHeaderSize = UDP + 8 + options + ETHERNET;
  const drivers = [
    createLocalTypeDriver(),
    createFlatTypeDriver({ ...physical, flatNetworks: ['*'] }),
    createVlanTypeDriver({ ...physical, networkVlanRanges: ['here', 'there'] }, Math.random),
    createVxlanTypeDriver({ ...overlay, vxlanVniRanges: ['1:9'] }, Math.random),
    createGreTypeDriver({ ...overlay, tunnelIdRanges: ['1:9'] }, Math.random),
    createGeneveTypeDriver({ ...overlay, geneveVniRanges: ['1:9'], geneveMaxHeaderSize }, Math.random),
  ];
  return createMtu(new Map(drivers.map((driver) => [driver.type, driver])), global);
};

it('the largest MTU of a network is the largest packet that gets through every segment of it', () => {
  fc.assert(
    fc.property(world, (one) => {
      const mtu = ours(one);
      const segments = one.segments.map((segment) => {
        const [networkType = '', physicalNetwork = null] = segment.split(':');
        return { networkType, physicalNetwork };
      });
      const maximum = mtu.maximum(segments);
      const gets = (octets: number): boolean =>
        octets <= one.global && one.segments.every((segment) => passes(one, segment, octets));
      assert.deepEqual([gets(maximum), gets(maximum + 1)], [true, false]);
      assert.equal(mtu.resolve(segments, 0), maximum);
      assert.equal(mtu.resolve(segments, maximum), maximum);
      assert.throws(() => mtu.resolve(segments, maximum + 1));
    }),
    { numRuns: 2_000 },
  );
});
