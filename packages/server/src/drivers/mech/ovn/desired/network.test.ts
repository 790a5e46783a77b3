import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { defaultOvnSettings, type OvnSettings } from '../settings.ts';
import type { NetworkState, SubnetState } from '../state.ts';
import { networkState, subnetState } from '../testing/states.ts';
import { desiredGlobal } from './nb-global.ts';
import { desiredNetwork } from './network.ts';
import { desiredSubnet } from './subnet-dhcp.ts';

const settings = defaultOvnSettings;

const plain = (map: ReadonlyMap<string, string> | undefined) => Object.fromEntries(map ?? []);

const switchOf = (network: Partial<NetworkState>) => {
  const row = desiredNetwork(networkState(network), settings).rows[0];
  assert.ok(row && 'other_config' in row.columns);
  return row.columns;
};

const vlan = { id: 's1', networkType: 'vlan', physicalNetwork: 'p1', segmentationId: 5 };
const tunnel = { id: 's2', networkType: 'geneve', physicalNetwork: undefined, segmentationId: 6 };

describe('switch of a network', () => {
  it('tells of a tunnelled network', () => {
    const row = switchOf({ name: 'web', availabilityZoneHints: ['a', 'b'] });
    assert.deepEqual(plain(row.external_ids), {
      'neutron:network_name': 'web',
      'neutron:mtu': '1442',
      'neutron:revision_number': '2',
      'neutron:availability_zone_hints': 'a,b',
      'neutron:provnet-network-type': 'geneve',
    });
    assert.deepEqual(plain(row.other_config), {
      mcast_snoop: 'false',
      mcast_flood_unregistered: 'false',
      'vlan-passthru': 'false',
    });
  });

  it('tells of a physical, external, transparent network', () => {
    const row = switchOf({ segments: [vlan], external: true, vlanTransparent: true });
    assert.equal(row.external_ids?.get('neutron:provnet-physical-network'), 'p1');
    assert.deepEqual(plain(row.other_config), {
      mcast_snoop: 'false',
      mcast_flood_unregistered: 'false',
      'vlan-passthru': 'true',
      fdb_age_threshold: '300',
      'broadcast-arps-to-all-routers': 'true',
    });
  });

  it('names no type when there are several segments, and has a localnet port for each physical one', () => {
    const other = { id: 's3', networkType: 'flat', physicalNetwork: 'p2', segmentationId: undefined };
    const { rows, members } = desiredNetwork(networkState({ segments: [vlan, tunnel, other] }), settings);
    const [ls, ...localnets] = rows;
    assert.ok(ls && 'external_ids' in ls.columns);
    assert.equal(ls.columns.external_ids?.get('neutron:provnet-network-type'), '');
    const shown = localnets.map((row) => {
      assert.ok('tag_request' in row.columns);
      return [row.uuid, row.columns.name, row.columns.tag_request, row.columns.options?.get('network_name')];
    });
    assert.deepEqual(shown, [
      ['s1', 'provnet-s1', 5, 'p1'],
      ['s3', 'provnet-s3', undefined, 'p2'],
    ]);
    assert.deepEqual(
      members.map((member) => member.element),
      ['s1', 's3'],
    );
  });
});

const optionsOf = (subnet: Partial<SubnetState>, using: OvnSettings = settings) => {
  const row = desiredSubnet(subnetState(subnet), using).rows[0];
  return row === undefined || !('options' in row.columns) ? undefined : row.columns.options;
};

describe('DHCP options of a subnet', () => {
  it('are the gateway, lease time and MTU', () => {
    const { server_mac: mac, ...rest } = plain(optionsOf({}));
    assert.match(String(mac), /^fa:16:3e(:[0-9a-f]{2}){3}$/);
    assert.deepEqual(rest, { server_id: '10.0.0.1', router: '10.0.0.1', lease_time: '43200', mtu: '1442' });
    assert.equal(optionsOf({})?.get('server_mac'), mac);
  });

  it('name servers of the subnet before those of the service, of its family', () => {
    const using = { ...settings, dnsServers: ['192.0.2.1', '2001:db8::1', '192.0.2.2'] };
    assert.equal(optionsOf({}, using)?.get('dns_server'), '{192.0.2.1, 192.0.2.2}');
    assert.equal(optionsOf({ nameservers: ['198.51.100.1'] }, using)?.get('dns_server'), '{198.51.100.1}');
    assert.equal(optionsOf({ nameservers: ['0.0.0.0'] }, using)?.has('dns_server'), false);
  });

  it('route to the metadata service and repeat the default route', () => {
    const subnet = {
      metadataIp: '10.0.0.2',
      hostRoutes: [{ destination: '10.8.0.0/24', nexthop: '10.0.0.8' }],
    };
    assert.equal(
      optionsOf(subnet)?.get('classless_static_route'),
      '{169.254.169.254/32,10.0.0.2, 10.8.0.0/24,10.0.0.8, 0.0.0.0/0,10.0.0.1}',
    );
    assert.equal(optionsOf({ gatewayIp: undefined, metadataIp: '10.0.0.2' })?.get('server_id'), '10.0.0.2');
    assert.deepEqual(plain(optionsOf({ gatewayIp: undefined })), {});
  });

  it('quote the domain, but for the default one', () => {
    const using = { ...settings, dnsDomain: 'example.org' };
    assert.equal(optionsOf({}, using)?.get('domain_name'), '"example.org"');
  });

  it("take global options, but for those that are the subnet's", () => {
    const dhcp4GlobalOptions = { ntp_server: '192.0.2.1; 192.0.2.2', mtu: '1', wpad: '"x"', router: '' };
    const options = optionsOf({}, { ...settings, dhcp4GlobalOptions });
    assert.equal(options?.get('ntp_server'), '{192.0.2.1, 192.0.2.2}');
    assert.equal(options?.get('mtu'), '1442');
    assert.equal(options?.get('router'), '10.0.0.1');
  });

  it('of IPv6 follow the address mode', () => {
    const v6 = { ipVersion: 6 as const, cidr: '2001:db8::/64', gatewayIp: 'fe80::1' };
    assert.equal(optionsOf({ ...v6, addressMode: 'slaac' }), undefined);
    const stateless = optionsOf({ ...v6, addressMode: 'dhcpv6-stateless' });
    assert.equal(stateless?.get('dhcpv6_stateless'), 'true');
    const stateful = optionsOf({ ...v6, addressMode: 'dhcpv6-stateful' });
    assert.deepEqual([...(stateful?.keys() ?? [])], ['server_id']);
  });

  it('are none without DHCP', () => assert.equal(optionsOf({ dhcp: false }), undefined));
});

it('failover strategies set the timers of link checks', () => {
  const timersOf = (haFailoverStrategy: OvnSettings['haFailoverStrategy']) => {
    const row = desiredGlobal({ ...settings, haFailoverStrategy, bfdMinRx: 7, bfdMinTx: 8, bfdMult: 9 })
      .rows[0];
    assert.ok(row && 'options' in row.columns);
    const { options } = row.columns;
    return ['bfd-min-rx', 'bfd-min-tx', 'bfd-mult'].map((key) => options?.get(key));
  };
  assert.deepEqual(timersOf('normal'), ['1000', '100', '3']);
  assert.deepEqual(timersOf('conservative'), ['1000', '100', '6']);
  assert.deepEqual(timersOf('manual'), ['7', '8', '9']);
});
