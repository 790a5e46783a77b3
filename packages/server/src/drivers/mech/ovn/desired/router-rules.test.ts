import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FloatingIpState, RouterPortState, RouterState } from '../routing-state.ts';
import { defaultOvnSettings, type OvnSettings, settingsFor } from '../settings.ts';
import { routerPortState, routerState, routerSubnetState } from '../testing/states.ts';
import { desiredFloatingIp } from './floating-ip.ts';
import { routerRoutes } from './router-routes.ts';
import { routerSnat } from './router-snat.ts';
import type { Desired, OwnedTable } from './row.ts';

const settings: OvnSettings = { ...defaultOvnSettings, routerIndirectSnat: false };

const outside = (id: string, address: string, gatewayIp: string | undefined): RouterPortState => {
  const six = address.includes(':');
  const cidr = six ? '2001:db8:f::/64' : '192.0.2.0/24';
  const subnet = routerSubnetState({ id: `s-${id}`, ipVersion: six ? 6 : 4, cidr, gatewayIp });
  return routerPortState({ id, gateway: true, physical: true, addresses: [{ address, subnet }] });
};
const inside = (id: string, cidr: string): RouterPortState => {
  const subnet = routerSubnetState({ id, cidr, ipVersion: cidr.includes(':') ? 6 : 4 });
  return routerPortState({ id, addresses: [{ address: '10.0.0.1', subnet }] });
};

const columnsOf = (desired: Desired, table: OwnedTable) =>
  desired.rows
    .filter((row) => row.table === table)
    .map((row): Readonly<Record<string, unknown>> => row.columns);

const first = outside('g1', '192.0.2.5', '192.0.2.1');
const second = outside('g2', '192.0.2.6', '192.0.2.1');
const six = outside('g3', '2001:db8:f::5', '2001:db8:f::1');
const blind = outside('g4', '192.0.2.7', undefined);

describe('routes of a router', () => {
  const routes = (given: Partial<RouterState>) => {
    const desired = routerRoutes(routerState(given));
    const rows = columnsOf(desired, 'Logical_Router_Static_Route');
    assert.equal(desired.members.length, rows.length);
    const watched = columnsOf(desired, 'BFD').map((row) => [row.logical_port, row.dst_ip]);
    return { routes: rows.map((row) => [row.ip_prefix, row.nexthop, row.output_port]), watched };
  };

  it('lead out by the first gateway', () => {
    assert.deepEqual(routes({ ports: [first, second] }), {
      routes: [['0.0.0.0/0', '192.0.2.1', undefined]],
      watched: [],
    });
    assert.deepEqual(routes({ ports: [six] }).routes, [['::/0', '2001:db8:f::1', undefined]]);
    assert.deepEqual(routes({ ports: [blind, first] }).routes, []);
  });

  it('lead out by all gateways where asked to, the same way once', () => {
    const ports = [first, second, six];
    assert.deepEqual(routes({ ports, defaultRouteEcmp: true }).routes, [
      ['0.0.0.0/0', '192.0.2.1', undefined],
      ['::/0', '2001:db8:f::1', undefined],
    ]);
  });

  it('are watched where asked to, by each gateway', () => {
    const flags = { defaultRouteEcmp: true, defaultRouteBfd: true };
    assert.deepEqual(routes({ ports: [first, second], ...flags }), {
      routes: [
        ['0.0.0.0/0', '192.0.2.1', 'lrp-g1'],
        ['0.0.0.0/0', '192.0.2.1', 'lrp-g2'],
      ],
      watched: [
        ['lrp-g1', '192.0.2.1'],
        ['lrp-g2', '192.0.2.1'],
      ],
    });
  });

  it('are those that were added besides', () => {
    const more = [
      { destination: '10.1.0.0/16', nexthop: '10.0.0.8' },
      { destination: '10.1.0.0/16', nexthop: '10.0.0.9' },
    ];
    assert.deepEqual(routes({ routes: more }).routes, [
      ['10.1.0.0/16', '10.0.0.8', undefined],
      ['10.1.0.0/16', '10.0.0.9', undefined],
    ]);
  });
});

describe('translation of a router', () => {
  const rules = (given: Partial<RouterState>, more: Partial<OvnSettings> = {}) =>
    columnsOf(routerSnat(routerState(given), { ...settings, ...more }), 'NAT').map((row) => [
      row.external_ip,
      row.logical_ip,
    ]);
  const ports = [
    first,
    six,
    inside('a', '10.0.0.0/24'),
    inside('b', '10.0.1.0/24'),
    inside('c', '2001:db8::/64'),
  ];

  it('is of each IPv4 subnet inside, by each IPv4 address outside', () => {
    assert.deepEqual(rules({ ports }), [
      ['192.0.2.5', '10.0.0.0/24'],
      ['192.0.2.5', '10.0.1.0/24'],
    ]);
    assert.equal(rules({ ports: [...ports, second] }).length, 4);
  });

  it('is of everything where OVN can tell floating IPs apart from it', () => {
    assert.deepEqual(rules({ ports }, { routerIndirectSnat: true }), [['192.0.2.5', '0.0.0.0/0']]);
    const served = (version: string) =>
      settingsFor(defaultOvnSettings, { name: 'OVN_Northbound', version, tables: {} }).routerIndirectSnat;
    assert.deepEqual(['7.0.0', '7.5.9', '7.6.0', '7.19.0', '8.0.0'].map(served), [
      false,
      false,
      true,
      true,
      true,
    ]);
    assert.equal(settingsFor(settings, undefined).routerIndirectSnat, false);
  });

  it('is none without a gateway, or when it is not wanted', () => {
    assert.deepEqual(rules({ ports: ports.slice(2) }), []);
    assert.deepEqual(rules({ ports, snat: false }), []);
  });
});

const floatingIp: FloatingIpState = {
  id: 'f',
  address: '192.0.2.10',
  networkId: 'n',
  mac: 'fa:16:3e:00:00:09',
  revision: 3,
  routerId: 'r',
  fixed: { portId: 'p', address: '10.0.0.5', onChassis: true },
  gatewayPort: 'g',
  outerPort: 'g',
  qos: undefined,
  forwardings: [],
  innerNetworks: [],
};

describe('floating IP', () => {
  const translation = (given: Partial<FloatingIpState>, more: Partial<OvnSettings> = {}) =>
    columnsOf(desiredFloatingIp({ ...floatingIp, ...given }, { ...settings, ...more }), 'NAT')[0];

  it('is translated where the gateway is', () => {
    const row = translation({}, { statelessNat: true });
    assert.deepEqual([row?.external_ip, row?.logical_ip, row?.logical_port], ['192.0.2.10', '10.0.0.5', 'p']);
    assert.deepEqual([row?.external_mac, row?.gateway_port], [undefined, undefined]);
    assert.deepEqual(row?.options, new Map([['stateless', 'true']]));
  });

  it('is translated where its port is, while that is up', () => {
    const distributed = { distributedFloatingIp: true };
    assert.equal(translation({}, distributed)?.external_mac, 'fa:16:3e:00:00:09');
    assert.notEqual(translation({}, distributed)?.gateway_port, undefined);
    const down = { portId: 'p', address: '10.0.0.5', onChassis: false };
    assert.equal(translation({ fixed: down }, distributed)?.external_mac, undefined);
    assert.equal(translation({ gatewayPort: undefined }, distributed)?.gateway_port, undefined);
  });

  it('is not translated while it leads nowhere', () => {
    assert.deepEqual(desiredFloatingIp({ ...floatingIp, fixed: undefined }, settings).rows, []);
    assert.deepEqual(desiredFloatingIp({ ...floatingIp, routerId: undefined }, settings).members, []);
  });
});

describe('port forwarding', () => {
  const range = (protocol: string, outer: readonly [number, number], inner: readonly [number, number]) => ({
    protocol,
    externalFirst: outer[0],
    externalLast: outer[1],
    internalAddress: '10.0.0.5',
    internalFirst: inner[0],
    internalLast: inner[1],
  });

  it('is one load balancer for each protocol, ranges included', () => {
    const forwardings = [
      range('tcp', [22, 22], [2222, 2222]),
      range('tcp', [100, 102], [200, 202]),
      range('sctp', [7, 8], [9, 9]),
    ];
    const state = { ...floatingIp, fixed: undefined, forwardings, innerNetworks: ['n1', 'n2'] };
    const desired = desiredFloatingIp(state, settings);
    const rows = columnsOf(desired, 'Load_Balancer');
    assert.deepEqual(
      rows.map((row) => [row.name, row.protocol, row.vips]),
      [
        [
          'pf-floatingip-f-tcp',
          'tcp',
          new Map([
            ['192.0.2.10:22', '10.0.0.5:2222'],
            ['192.0.2.10:100', '10.0.0.5:200'],
            ['192.0.2.10:101', '10.0.0.5:201'],
            ['192.0.2.10:102', '10.0.0.5:202'],
          ]),
        ],
        [
          'pf-floatingip-f-sctp',
          'sctp',
          new Map([
            ['192.0.2.10:7', '10.0.0.5:9'],
            ['192.0.2.10:8', '10.0.0.5:9'],
          ]),
        ],
      ],
    );
    assert.deepEqual(
      desired.members.map(({ column, parent }) => `${column} ${parent}`),
      ['tcp', 'sctp'].flatMap(() => [
        'Logical_Router.load_balancer r',
        'Logical_Switch.load_balancer n1',
        'Logical_Switch.load_balancer n2',
      ]),
    );
  });
});
