import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type ChassisView, parseBridgeMappings } from '../chassis.ts';
import { gatewayCandidates } from './candidates.ts';

const GATEWAY = 'enable-chassis-as-gw';

const chassis = (name: string, mappings: string, ...cmsOptions: readonly string[]): ChassisView => ({
  name,
  hostname: `host of ${name}`,
  bridgeMappings: parseBridgeMappings(mappings),
  cmsOptions,
  datapathType: '',
  ifaceTypes: [],
  integrationBridge: 'br-int',
  description: '',
  state: 'caught up',
  lag: 0,
  alive: true,
  heartbeat: undefined,
});

const names = (
  all: readonly ChassisView[],
  networks: readonly (readonly string[])[],
  zoneHints: readonly string[] = [],
) => gatewayCandidates({ routerId: 'r', zoneHints, networks, ha: true }, all).map(({ name }) => name);

describe('chassis that may carry a gateway', () => {
  const east = chassis('east', 'public:br-ex,other:br-o', GATEWAY, 'availability-zones=east:middle');
  const west = chassis('west', 'public:br-ex', GATEWAY, 'availability-zones=west');
  const plain = chassis('plain', 'public:br-ex');
  const inner = chassis('inner', '', GATEWAY);

  it('map the physical network and are declared gateways', () =>
    assert.deepEqual(names([east, west, plain, inner], [['public']]), ['east', 'west']));

  it('are any that map it where none of those is declared', () =>
    assert.deepEqual(names([plain, inner], [['public']]), ['plain']));

  it('are none where nothing maps it', () => assert.deepEqual(names([inner], [['public']]), []));

  it('reach one physical network of a network with several', () =>
    assert.deepEqual(names([east, west], [['absent', 'other']]), ['east']));

  it('are in a zone that was asked for', () => {
    assert.deepEqual(names([east, west], [['public']], ['middle']), ['east']);
    assert.deepEqual(names([east, west], [['public']], ['middle', 'west']), ['east', 'west']);
    assert.deepEqual(names([east, west], [['public']], ['north']), []);
  });

  it('reach the networks of all gateways, or else that of the first', () => {
    assert.deepEqual(names([east, west], [['public'], ['other']]), ['east']);
    assert.deepEqual(names([east, west], [['public'], ['absent']]), ['east', 'west']);
  });

  it('are, for a tunnelled network, gateways of any bridge, those without a zone first of all', () => {
    assert.deepEqual(names([east, west, plain, inner], [[]]), ['inner']);
    assert.deepEqual(names([east, west, plain], [[]]), ['east', 'west']);
    assert.deepEqual(names([east, west, plain, inner], [[]], ['west']), ['west']);
  });
});
