import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RouterPortState, RouterState } from '../routing-state.ts';
import { defaultOvnSettings, type OvnSettings } from '../settings.ts';
import { routerPortState, routerState, routerSubnetState } from '../testing/states.ts';
import { desiredRouter } from './router.ts';
import type { OwnedTable } from './row.ts';

const distributed: OvnSettings = { ...defaultOvnSettings, distributedFloatingIp: true };

const vlan = routerPortState({ id: 'v', networkType: 'vlan', physical: true, networkMtu: 1500 });
const flat = routerPortState({ id: 'f', networkType: 'flat', physical: true, networkMtu: 1400 });
const tunnel = routerPortState({ id: 't' });
const outside = routerPortState({
  id: 'g',
  gateway: true,
  networkExternal: true,
  networkType: 'flat',
  physical: true,
  networkMtu: 1500,
});
const tunnelledOutside = { ...outside, networkType: 'geneve', physical: false };
const chassis = [
  { name: 'ch-2', priority: 2 },
  { name: 'ch-1', priority: 1 },
];

const rowsOf = (
  table: OwnedTable,
  router: Partial<RouterState>,
  settings: OvnSettings = defaultOvnSettings,
) =>
  desiredRouter(routerState(router), settings)
    .rows.filter((row) => row.table === table)
    .map((row): Readonly<Record<string, unknown>> => row.columns);

const plain = (map: unknown): unknown => (map instanceof Map ? Object.fromEntries(map) : map);

const portOptions = (ports: readonly RouterPortState[], settings?: OvnSettings) =>
  Object.fromEntries(
    rowsOf('Logical_Router_Port', { ports, chassis }, settings).map((row) => [row.name, plain(row.options)]),
  );

describe('router', () => {
  it('has what the reference gives it', () => {
    const [row] = rowsOf('Logical_Router', { availabilityZoneHints: ['a', 'b'], adminUp: false });
    assert.equal(row?.name, 'neutron-55555555-5555-4555-8555-555555555555');
    assert.equal(row?.enabled, false);
    assert.deepEqual(plain(row?.options), {
      always_learn_from_arp_request: 'false',
      dynamic_neigh_routers: 'true',
      mac_binding_age_threshold: '300',
    });
    assert.deepEqual(plain(row?.external_ids), {
      'neutron:router_name': 'r',
      'neutron:revision_number': '6',
      'neutron:availability_zone_hints': 'a,b',
    });
  });

  it('is on one chassis as a whole when no physical network carries its gateways', () => {
    const [row] = rowsOf('Logical_Router', { ports: [tunnelledOutside], chassis });
    assert.equal(Object(plain(row?.options)).chassis, 'ch-2');
    const [port] = rowsOf('Logical_Router_Port', { ports: [tunnelledOutside], chassis });
    assert.equal(port?.ha_chassis_group, undefined);
    assert.equal(rowsOf('HA_Chassis', { ports: [tunnelledOutside], chassis }).length, 2);
  });

  it('has a group of chassis for its gateways, which all of them share', () => {
    const ports = [outside, { ...tunnelledOutside, id: 'g2' }, tunnel];
    const rows = rowsOf('Logical_Router_Port', { ports, chassis });
    const [first, second, inner] = rows.map((row) => row.ha_chassis_group);
    assert.ok(first !== undefined && first === second);
    assert.equal(inner, undefined);
    const [row] = rowsOf('Logical_Router', { ports, chassis });
    assert.equal(Object(plain(row?.options)).chassis, undefined);
    assert.deepEqual(
      rowsOf('HA_Chassis', { ports, chassis }).map((one) => [one.chassis_name, one.priority]),
      [
        ['ch-2', 2],
        ['ch-1', 1],
      ],
    );
  });

  it('has no group while no chassis can carry its gateways, or without a gateway', () => {
    assert.deepEqual(rowsOf('HA_Chassis_Group', { ports: [outside] }), []);
    assert.deepEqual(rowsOf('HA_Chassis_Group', { ports: [tunnel], chassis }), []);
    assert.equal(rowsOf('Logical_Router_Port', { ports: [outside] })[0]?.ha_chassis_group, undefined);
  });

  it('leaves out gateways without an address', () => {
    assert.deepEqual(rowsOf('Logical_Router_Port', { ports: [{ ...outside, addresses: [] }] }), []);
  });
});

describe('port of a router', () => {
  it('has its addresses with the length of their subnets, and what it is', () => {
    const second = { address: '2001:db8::1', subnet: routerSubnetState({ id: 's6', cidr: '2001:db8::/64' }) };
    const port = routerPortState({ addresses: [...tunnel.addresses, second] });
    const [row] = rowsOf('Logical_Router_Port', { ports: [port] });
    assert.equal(row?.name, 'lrp-44444444-4444-4444-8444-444444444444');
    assert.deepEqual(row?.networks, new Set(['10.0.0.1/24', '2001:db8::1/64']));
    assert.deepEqual(plain(row?.external_ids), {
      'neutron:revision_number': '5',
      'neutron:subnet_ids': '22222222-2222-4222-8222-222222222222 s6',
      'neutron:network_name': 'neutron-11111111-1111-4111-8111-111111111111',
      'neutron:is_ext_gw': 'False',
      'neutron:router_name': 'neutron-55555555-5555-4555-8555-555555555555',
    });
  });

  it('resides with the gateway where networks are VLANs, and tells of the smallest MTU', () => {
    const resides = { 'reside-on-redirect-chassis': 'true' };
    assert.deepEqual(portOptions([outside, vlan, flat, tunnel]), {
      'lrp-g': { ...resides, gateway_mtu: '1400' },
      'lrp-v': resides,
      'lrp-f': resides,
      'lrp-t': {},
    });
  });

  it('is distributed where floating IPs are, unless tunnels and VLANs meet', () => {
    const apart = { 'reside-on-redirect-chassis': 'false' };
    assert.deepEqual(portOptions([outside, vlan], distributed), {
      'lrp-g': { ...apart, gateway_mtu: '1500', 'redirect-type': 'bridged' },
      'lrp-v': apart,
    });
    assert.deepEqual(portOptions([outside, vlan, tunnel], distributed), {
      'lrp-g': { 'reside-on-redirect-chassis': 'true', gateway_mtu: '1442' },
      'lrp-v': { 'reside-on-redirect-chassis': 'true' },
      'lrp-t': {},
    });
    assert.deepEqual(portOptions([outside], distributed), { 'lrp-g': { ...apart, gateway_mtu: '1500' } });
  });
});

describe('router advertisements', () => {
  const configs = (
    addressMode: string | undefined,
    nameservers: string[],
    more: Partial<OvnSettings> = {},
  ) => {
    const subnet = routerSubnetState({ ipVersion: 6, cidr: '2001:db8::/64', addressMode, nameservers });
    const port = routerPortState({ addresses: [{ address: '2001:db8::1', subnet }] });
    const settings = { ...defaultOvnSettings, ...more };
    return plain(rowsOf('Logical_Router_Port', { ports: [port] }, settings)[0]?.ipv6_ra_configs);
  };
  const periodic = { send_periodic: 'true', mtu: '1442' };

  it('are sent where machines make addresses of their own', () => {
    assert.deepEqual(configs(undefined, []), {});
    assert.deepEqual(configs('slaac', []), { address_mode: 'slaac', ...periodic });
    assert.deepEqual(configs('dhcpv6-stateful', []), { address_mode: 'dhcpv6_stateful', ...periodic });
    assert.deepEqual(configs('dhcpv6-stateless', [], { metadataEnabled: true }), {
      address_mode: 'dhcpv6_stateless',
      route_info: 'MEDIUM-fe80::a9fe:a9fe/128',
      ...periodic,
    });
  });

  it('name the first IPv6 server and the domain', () => {
    const both = { dnsServers: ['192.0.2.1', '2001:db8::54'], dnsDomain: 'example.org.' };
    const named = { address_mode: 'slaac', ...periodic, dnssl: 'example.org' };
    assert.deepEqual(configs('slaac', ['192.0.2.9', '2001:db8::53', '2001:db8::55'], both), {
      ...named,
      rdnss: '2001:db8::53',
    });
    assert.deepEqual(configs('slaac', [], both), { ...named, rdnss: '2001:db8::54' });
    assert.deepEqual(configs('slaac', ['::'], both), named);
  });

  it('follow the lowest address where modes differ, whichever came first', () => {
    const at = (address: string, addressMode: string) => ({
      address,
      subnet: routerSubnetState({ ipVersion: 6, cidr: `${address}/64`, addressMode }),
    });
    const two = [at('fd00:6::1', 'dhcpv6-stateful'), at('fd00:66::1', 'slaac')];
    for (const addresses of [two, two.toReversed()]) {
      const [row] = rowsOf('Logical_Router_Port', { ports: [routerPortState({ addresses })] });
      assert.equal(Object(plain(row?.ipv6_ra_configs)).address_mode, 'slaac');
    }
  });

  it('are only answers on the network outside', () => {
    const subnet = routerSubnetState({ addressMode: 'slaac', cidr: '2001:db8::/64' });
    const port = { ...outside, addresses: [{ address: '2001:db8::2', subnet }] };
    const [row] = rowsOf('Logical_Router_Port', { ports: [port] });
    assert.equal(Object(plain(row?.ipv6_ra_configs)).send_periodic, 'false');
  });
});
