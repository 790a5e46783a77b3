import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ApiError } from '@ovenbird/api';
import { testTypeDrivers } from '../testing/ml2-stack.ts';
import { createMtu } from './mtu.ts';

const drivers = new Map(
  testTypeDrivers({ flatNetworks: ['physnet1'] }).map((driver) => [driver.type, driver]),
);
const driverOf = (type: string) => {
  const driver = drivers.get(type);
  assert.ok(driver);
  return driver;
};

const TUNNEL_PHYSICAL = /provider:physical_network specified for/;

describe('what type drivers accept', () => {
  type Row = readonly [type: string, physical: string | undefined, id: number | undefined, refusal?: RegExp];
  const table: readonly Row[] = [
    ['local', undefined, undefined],
    ['local', 'physnet1', undefined, /physical_network prohibited for local/],
    ['local', undefined, 5, /segmentation_id prohibited for local/],
    ['flat', 'physnet1', undefined],
    ['flat', undefined, undefined, /physical_network required for flat/],
    ['flat', 'physnet2', undefined, /physical_network 'physnet2' unknown for flat/],
    ['flat', 'physnet1', 5, /segmentation_id prohibited for flat/],
    ['vlan', undefined, undefined],
    ['vlan', 'physnet1', undefined],
    ['vlan', 'physnet1', 1],
    ['vlan', 'physnet1', 4094],
    ['vlan', 'physnet2', 300],
    ['vlan', 'physnet1', 0, /out of range \(1 through 4094\)/],
    ['vlan', 'physnet1', 4095, /out of range \(1 through 4094\)/],
    ['vlan', undefined, 5, /segmentation_id requires physical_network/],
    ['vxlan', undefined, undefined],
    ['vxlan', undefined, 1],
    ['vxlan', undefined, 16_777_215],
    ['vxlan', undefined, 16_777_216, /out of range/],
    ['vxlan', undefined, 0, /out of range/],
    ['vxlan', 'physnet1', 5, TUNNEL_PHYSICAL],
    ['geneve', undefined, undefined],
    ['geneve', undefined, 16_777_215],
    ['geneve', undefined, 16_777_216, /out of range/],
    ['geneve', 'physnet1', undefined, TUNNEL_PHYSICAL],
    ['gre', undefined, 0, /out of range \(1 through 2147483647\)/],
    ['gre', undefined, 2_147_483_647],
    ['gre', undefined, 2_147_483_648, /out of range/],
    ['gre', 'physnet1', 5, TUNNEL_PHYSICAL],
  ];
  for (const [type, physicalNetwork, segmentationId, refusal] of table) {
    it(`${type} ${physicalNetwork ?? '-'} ${segmentationId ?? '-'}: ${refusal ? 'refused' : 'accepted'}`, () => {
      const validate = () => driverOf(type).validate({ physicalNetwork, segmentationId });
      if (refusal === undefined) return validate();
      assert.throws(validate, (error: unknown) => {
        assert.ok(error instanceof ApiError);
        assert.deepEqual([error.status, error.type], [400, 'InvalidInput']);
        assert.match(error.message, refusal);
        return true;
      });
    });
  }

  it('flat is off when no physical network is allowed', () => {
    const flat = testTypeDrivers({ flatNetworks: [] }).find((driver) => driver.type === 'flat');
    assert.throws(
      () => flat?.validate({ physicalNetwork: 'physnet1', segmentationId: undefined }),
      /Flat provider networks are disabled/,
    );
  });
});

describe('MTU of networks', () => {
  const mtu = createMtu(drivers, 1500);
  const on = (networkType: string, physicalNetwork: string | null = null) => ({
    networkType,
    physicalNetwork,
  });
  for (const [segments, maximum] of [
    [[on('geneve')], 1442],
    [[on('vxlan')], 1450],
    [[on('gre')], 1458],
    [[on('local')], 1500],
    [[on('flat', 'physnet1')], 1500],
    [[on('vlan', 'physnet2')], 1500],
    [[on('vlan', 'physnet3')], 1400],
    [[on('vlan', 'physnet3'), on('geneve')], 1400],
    [[on('vlan', 'physnet1'), on('geneve')], 1442],
    [[on('unknown')], 1500],
    [[], 1500],
  ] as const) {
    it(`${JSON.stringify(segments)}: at most ${maximum}`, () => {
      assert.equal(mtu.maximum(segments), maximum);
      assert.equal(mtu.resolve(segments, 0), maximum);
      assert.equal(mtu.resolve(segments, maximum), maximum);
      assert.equal(mtu.resolve(segments, 100), 100);
      assert.throws(() => mtu.resolve(segments, maximum + 1), /Requested MTU is too big, maximum is/);
    });
  }
});
