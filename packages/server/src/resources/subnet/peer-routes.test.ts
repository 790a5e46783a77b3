import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HostRoute } from '@ovenbird/api';
import { ownRoutes, type RoutedSubnet, withPeerRoutes } from './peer-routes.ts';

const subnet = (number: number, given: Partial<RoutedSubnet> = {}): RoutedSubnet => ({
  id: `subnet-${number}`,
  ip_version: 4,
  cidr: `10.${number}.0.0/24`,
  gateway_ip: `10.${number}.0.1`,
  segment_id: `segment-${number}`,
  host_routes: [],
  ...given,
});
const to = (number: number, nexthop: string): HostRoute => ({ destination: `10.${number}.0.0/24`, nexthop });

test('a route to every subnet of another segment and the same version', () => {
  const here = subnet(1);
  const siblings = [
    here,
    subnet(2),
    subnet(3, { segment_id: here.segment_id }),
    subnet(4, { ip_version: 6, cidr: 'fd00:4::/64', gateway_ip: 'fd00:4::1' }),
    subnet(5, { segment_id: null }),
  ];
  assert.deepEqual(withPeerRoutes(here, siblings), [to(2, '10.1.0.1'), to(5, '10.1.0.1')]);
  assert.deepEqual(withPeerRoutes({ ...here, gateway_ip: null }, siblings), []);
});

test('none to where an own route leads already', () => {
  const peers = [subnet(2), subnet(3)];
  for (const [own, more] of [
    [{ destination: '10.0.0.0/8', nexthop: '10.1.0.9' }, []],
    [to(2, '10.1.0.9'), [to(3, '10.1.0.1')]],
    [{ destination: '10.2.0.0/25', nexthop: '10.1.0.9' }, [to(2, '10.1.0.1'), to(3, '10.1.0.1')]],
  ] as const)
    assert.deepEqual(withPeerRoutes(subnet(1, { host_routes: [own] }), peers), [own, ...more]);
});

test('computed anew they are the same, and apart from the own ones', () => {
  const own = { destination: '192.0.2.0/24', nexthop: '10.1.0.1' };
  const peers = Array.from({ length: 30 }, (_, index) => subnet(index + 2));
  const first = subnet(1, { host_routes: [own] });
  const routed = { ...first, host_routes: withPeerRoutes(first, peers) };
  assert.equal(routed.host_routes.length, 31);
  assert.deepEqual(withPeerRoutes(routed, peers), routed.host_routes);
  assert.deepEqual(ownRoutes(routed, peers), [own]);
});
