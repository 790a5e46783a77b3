import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { NorthboundTables } from '@ovenbird/ovn-db';
import { dropGroupUuid, portDhcpUuid, portGroupUuid, subnetDhcpUuid } from '../ids.ts';
import { defaultOvnSettings, type OvnSettings } from '../settings.ts';
import type { PortState, SubnetState } from '../state.ts';
import { portState, subnetState } from '../testing/states.ts';
import { desiredPort } from './port.ts';

type LogicalSwitchPort = NorthboundTables['Logical_Switch_Port'];

const subnet = subnetState();
const settings = defaultOvnSettings;

const desiredOf = (
  port: Partial<PortState>,
  subnets: readonly SubnetState[] = [subnet],
  using: OvnSettings = settings,
) => desiredPort(portState(port), new Map(subnets.map((each) => [each.id, each])), using);

/** The row of the port itself. */
const rowOf = (...given: Parameters<typeof desiredOf>): Partial<LogicalSwitchPort> => {
  const row = desiredOf(...given).rows.find((each) => each.table === 'Logical_Switch_Port');
  assert.ok(row && 'addresses' in row.columns);
  return row.columns;
};

const groupsOf = (...given: Parameters<typeof desiredOf>) =>
  desiredOf(...given)
    .members.filter((member) => member.column === 'Port_Group.ports')
    .map((member) => member.parent);

const binding = (given: Partial<PortState['binding']>): Partial<PortState> => ({
  binding: { host: '', vnicType: 'normal', vifType: 'unbound', profile: {}, ...given },
});

const parents = { parents: new Map([['10.0.0.5', ['p-2', 'p-1']]]) };

describe('port security and addresses', () => {
  it('hold the MAC address with all fixed addresses', () => {
    const row = rowOf({});
    assert.deepEqual([...(row.port_security ?? [])], ['fa:16:3e:00:00:01 10.0.0.5']);
    assert.deepEqual([...(row.addresses ?? [])], ['fa:16:3e:00:00:01 10.0.0.5']);
  });

  it('add address pairs, and VRRP entries for those with another MAC address', () => {
    const row = rowOf({
      addressPairs: [
        { mac: 'fa:16:3e:00:00:01', address: '10.0.0.0/28' },
        { mac: '00:00:5e:00:01:05', address: '10.0.0.99' },
      ],
    });
    assert.deepEqual([...(row.port_security ?? [])].sort(), [
      '00:00:5e:00:01:05 10.0.0.99',
      'VRRPv3 fa:16:3e:00:00:01 00:00:5e:00:01:05 10.0.0.99',
      'fa:16:3e:00:00:01 10.0.0.5 10.0.0.0/28',
    ]);
    assert.deepEqual([...(row.addresses ?? [])], ['fa:16:3e:00:00:01 10.0.0.5', '00:00:5e:00:01:05']);
  });

  it('say unknown without port security, and only that without DHCP', () => {
    const off = { portSecurity: false };
    assert.deepEqual([...(rowOf(off).addresses ?? [])], ['fa:16:3e:00:00:01 10.0.0.5', 'unknown']);
    assert.deepEqual([...(rowOf(off, [subnetState({ dhcp: false })]).addresses ?? [])], ['unknown']);
    assert.equal(rowOf(off).port_security?.size, 0);
  });

  it('trust ports of network services', () => {
    const row = rowOf({ deviceOwner: 'network:dhcp', securityGroups: ['g'] });
    assert.equal(row.port_security?.size, 0);
    assert.equal(row.dhcpv4_options, undefined);
    assert.equal(row.external_ids?.get('neutron:security_group_ids'), '');
    assert.deepEqual(groupsOf({ deviceOwner: 'network:dhcp', securityGroups: ['g'] }), []);
  });

  it('leave the address of a load balancer to its provider', () => {
    assert.equal(rowOf({ name: 'ovn-lb-vip-1' }).addresses?.size, 0);
    assert.equal(rowOf({ name: 'ovn-lb-vip-1', deviceOwner: 'Octavia' }).addresses?.size, 1);
  });
});

describe('groups of a port', () => {
  it('are the drop group and its own while it is filtered', () => {
    assert.deepEqual(groupsOf({ securityGroups: ['g'] }), [dropGroupUuid, portGroupUuid('g')]);
    assert.deepEqual(groupsOf({}), [dropGroupUuid]);
    assert.deepEqual(groupsOf({ portSecurity: false, securityGroups: ['g'] }), []);
  });
});

describe('type of a port', () => {
  const cases: readonly (readonly [string, Partial<PortState>, string])[] = [
    ['ordinary', {}, ''],
    ['virtual while others may use its address', parents, 'virtual'],
    ['not virtual once plugged itself', { ...parents, ...binding({ host: 'h', vifType: 'ovs' }) }, ''],
    ['metadata', { ...parents, deviceOwner: 'network:distributed', deviceId: 'ovnmeta-x' }, 'localport'],
    ['health monitor', { deviceOwner: 'ovn-lb-hm:distributed', deviceId: 'ovn-lb-hm-x' }, 'localport'],
    ['SR-IOV', { ...parents, ...binding({ vnicType: 'direct' }) }, 'external'],
    ['bare metal', binding({ vnicType: 'baremetal' }), 'external'],
    ['offloaded', binding({ vnicType: 'direct', profile: { capabilities: ['switchdev'] } }), ''],
    [
      'VTEP',
      {
        ...parents,
        ...binding({ profile: { 'vtep-physical-switch': 'ps', 'vtep-logical-switch': 'ls' } }),
      },
      'vtep',
    ],
  ];
  for (const [name, port, type] of cases)
    it(`${name}: '${type}'`, () => assert.equal(rowOf(port).type, type));

  it('brings the options of a virtual port', () => {
    const { options } = rowOf({ ...parents, ...binding({ host: 'h' }) });
    assert.deepEqual(Object.fromEntries(options ?? []), {
      'virtual-ip': '10.0.0.5',
      'virtual-parents': 'p-1,p-2',
    });
  });

  it('nests a port in its parent', () => {
    const row = rowOf(binding({ profile: { parent_name: 'parent', tag: 9 } }));
    assert.equal(row.parent_name, 'parent');
    assert.equal(row.tag_request, 9);
  });
});

describe('host of a port', () => {
  it('is requested, and both during a live migration', () => {
    const host = binding({ host: 'h1', vifType: 'ovs' });
    assert.equal(rowOf(host).options?.get('requested-chassis'), 'h1');
    const moving = rowOf(binding({ host: 'h1', vifType: 'ovs', profile: { migrating_to: 'h2' } })).options;
    assert.equal(moving?.get('requested-chassis'), 'h1,h2');
    assert.equal(moving?.get('activation-strategy'), 'rarp');
  });

  it('is told only while the port carries traffic', () => {
    const host = binding({ host: 'h1', vifType: 'ovs' });
    assert.equal(rowOf({ ...host, status: 'ACTIVE' }).external_ids?.get('neutron:host_id'), 'h1');
    assert.equal(rowOf({ ...host, status: 'DOWN' }).external_ids?.has('neutron:host_id'), false);
    const nested = { ...host, status: 'ACTIVE', deviceOwner: 'trunk:subport' };
    assert.equal(rowOf(nested).external_ids?.has('neutron:host_id'), false);
  });

  it('is that of the card for a SmartNIC', () => {
    const profile = { card_serial_number: 'c', pf_mac_address: '00:53:00:00:00:01', vf_num: 3 };
    const row = rowOf({ ...binding({ host: 'h1', vnicType: 'remote-managed', profile }), cardHost: 'dpu' });
    assert.deepEqual(Object.fromEntries(row.options ?? []), {
      'requested-chassis': 'dpu',
      'vif-plug-type': 'representor',
      'vif-plug-mtu-request': '1442',
      'vif-plug:representor:pf-mac': '00:53:00:00:00:01',
      'vif-plug:representor:vf-num': '3',
    });
  });
});

describe('DHCP of a port', () => {
  const own = (...opts: readonly (readonly [string, string])[]) => ({
    extraDhcpOpts: opts.map(([name, value]) => ({ name, value, ipVersion: 4 as const })),
  });
  const optionsOf = (port: Partial<PortState>, of: SubnetState = subnet) => {
    const row = desiredOf(port, [of]).rows.find((each) => each.table === 'DHCP_Options');
    return row === undefined || !('options' in row.columns) ? undefined : row.columns.options;
  };

  it("is its subnet's", () => {
    assert.equal(rowOf({}).dhcpv4_options, subnetDhcpUuid(subnet.id));
    assert.equal(desiredOf({}).rows.length, 1);
  });

  it('is its own with options of its own, by name or number', () => {
    const port = own(['mtu', '1400'], ['67', 'pxe.0'], ['server-ip-address', '10.0.0.9'], ['no-such', 'x']);
    assert.equal(rowOf(port).dhcpv4_options, portDhcpUuid(portState().id, 4));
    const options = optionsOf(port);
    assert.equal(options?.get('mtu'), '1400');
    assert.equal(options?.get('bootfile_name'), '"pxe.0"');
    assert.equal(options?.get('next_server'), '10.0.0.9');
    assert.equal(options?.get('router'), '10.0.0.1');
  });

  it("appends its routes to the subnet's", () => {
    const routed = subnetState({ hostRoutes: [{ destination: '10.8.0.0/24', nexthop: '10.0.0.8' }] });
    const port = own(['classless-static-route', '{10.9.0.0/24,10.0.0.9}']);
    assert.equal(
      optionsOf(port, routed)?.get('classless_static_route'),
      '{10.8.0.0/24,10.0.0.8, 0.0.0.0/0,10.0.0.1, 10.9.0.0/24,10.0.0.9}',
    );
  });

  it('lets nothing through that would end its place in a flow', () => {
    const hostile = own(
      ['mtu', '1400); drop; next('],
      ['domain-name', 'a"); drop; ("'],
      ['dns-server', '1.1.1.1; drop'],
      ['classless-static-route', '10.0.0.0/8,1.1.1.1); drop'],
    );
    assert.equal(rowOf(hostile).dhcpv4_options, subnetDhcpUuid(subnet.id));
    const list = own(['dns-server', '1.1.1.1,2.2.2.2']);
    assert.equal(optionsOf(list)?.get('dns_server'), '{1.1.1.1, 2.2.2.2}');
  });

  it('is none when switched off for the port', () => {
    assert.equal(rowOf(own(['dhcp_disabled', 'True'])).dhcpv4_options, undefined);
    const bare = binding({ vnicType: 'baremetal' });
    assert.ok(rowOf(bare).dhcpv4_options);
    const off = { ...settings, disableDhcpForBaremetalPorts: true };
    assert.equal(rowOf(bare, [subnet], off).dhcpv4_options, undefined);
  });

  it('prefers stateful DHCPv6', () => {
    const stateless = subnetState({ id: 'a', ipVersion: 6, addressMode: 'dhcpv6-stateless' });
    const stateful = subnetState({ id: 'b', ipVersion: 6, addressMode: 'dhcpv6-stateful' });
    const slaac = subnetState({ id: 'c', ipVersion: 6, addressMode: 'slaac' });
    const addresses = ['a', 'b', 'c'].map((subnetId) => ({ subnetId, address: `2001:db8::${subnetId}` }));
    assert.equal(rowOf({ addresses }, [stateless, stateful, slaac]).dhcpv6_options, subnetDhcpUuid('b'));
    assert.equal(rowOf({ addresses }, [stateless, slaac]).dhcpv6_options, subnetDhcpUuid('a'));
    assert.equal(rowOf({ addresses }, [slaac]).dhcpv6_options, undefined);
  });
});

it('floating ports have no row', () => {
  assert.deepEqual(desiredOf({ deviceOwner: 'network:floatingip' }), { rows: [], members: [] });
});
