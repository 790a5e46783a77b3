import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, it } from 'node:test';
import {
  AddressPairAndPortSecurityRequired,
  AllocationOnAutoAddressSubnet,
  DuplicateAddressPairInRequest,
  InvalidInput,
  InvalidIpForNetwork,
  InvalidIpForSubnet,
  IpAddressAlreadyAllocated,
  IpAddressGenerationFailure,
  MacAddressInUse,
  NetworkNotFound,
  PortSecurityAndIPRequiredForSecurityGroups,
  SecurityGroupConflict,
  SecurityGroupNotFound,
  SubnetNotFound,
} from '@ovenbird/api';
import { forEachDialect, type TestDatabases } from '../../testing/databases.ts';
import { admin, createPortService, member, refusal } from '../../testing/port-service.ts';

const defaultAddresses = (databases: TestDatabases): void => {
  it('gives one IPv4, one stateful IPv6 and every automatic address', async () => {
    const service = await createPortService(databases);
    const network = await service.network();
    await service.subnet({ network_id: network.id, cidr: '10.0.0.0/24' });
    await service.subnet({ network_id: network.id, cidr: '10.0.1.0/24' });
    const stateful = await service.subnet({
      network_id: network.id,
      cidr: '2001:db8:0:1::/64',
      ipv6_ra_mode: 'dhcpv6-stateful',
      ipv6_address_mode: 'dhcpv6-stateful',
    });
    const slaac = await service.subnet({
      network_id: network.id,
      cidr: '2001:db8:0:2::/64',
      ipv6_ra_mode: 'slaac',
      ipv6_address_mode: 'slaac',
    });
    const stateless = await service.subnet({
      network_id: network.id,
      cidr: '2001:db8:0:3::/64',
      ipv6_address_mode: 'dhcpv6-stateless',
    });
    const port = await service.port({ network_id: network.id, mac_address: 'fa:16:3e:12:34:56' });
    const bySubnet = new Map(port.fixed_ips.map((ip) => [ip.subnet_id, ip.ip_address]));
    assert.equal(port.fixed_ips.length, 4);
    assert.equal(port.fixed_ips.filter((ip) => /^10\.0\.[01]\.\d+$/.test(ip.ip_address)).length, 1);
    assert.match(bySubnet.get(stateful.id) ?? '', /^2001:db8:0:1::/);
    assert.equal(bySubnet.get(slaac.id), '2001:db8:0:2:f816:3eff:fe12:3456');
    assert.equal(bySubnet.get(stateless.id), '2001:db8:0:3:f816:3eff:fe12:3456');
    assert.deepEqual(await service.stored([port.id]), [port]);
  });

  it('falls back on the next subnet of a version when the first is full', async () => {
    const service = await createPortService(databases);
    const network = await service.network();
    await service.subnet({ network_id: network.id, cidr: '10.0.0.0/30' });
    const second = await service.subnet({ network_id: network.id, cidr: '10.0.1.0/29' });
    const ports = await service.createPorts(Array.from({ length: 6 }, () => ({ network_id: network.id })));
    const inSecond = ports.filter((port) => port.fixed_ips[0]?.subnet_id === second.id);
    assert.equal(inSecond.length, 5);
    assert.equal(new Set(ports.map((port) => port.fixed_ips[0]?.ip_address)).size, 6);
    await assert.rejects(service.port({ network_id: network.id }), refusal(IpAddressGenerationFailure));
  });
};

const storedValues = (databases: TestDatabases): void => {
  it('stores what it answers, in the order of the request', async () => {
    const service = await createPortService(databases);
    const network = await service.network();
    const subnet = await service.subnet({ network_id: network.id, cidr: '10.0.0.0/24' });
    const group = await service.securityGroup('admin');
    const given = [
      { network_id: network.id, name: 'plain' },
      {
        network_id: network.id,
        name: 'full',
        admin_state_up: false,
        mac_address: 'fa:16:3e:00:00:09',
        fixed_ips: [{ ip_address: '10.0.0.9' }, { subnet_id: subnet.id }],
        device_id: 'machine',
        device_owner: 'compute:nova',
        security_groups: [group],
        allowed_address_pairs: [
          { ip_address: '10.0.0.100', mac_address: '00:00:5e:00:01:01' },
          { ip_address: '10.1.0.0/16' },
        ],
        extra_dhcp_opts: [{ opt_name: 'bootfile-name', opt_value: 'a.img' }],
        description: 'all of it',
        tags: ['b', 'a'],
      },
    ];
    const ports = await service.createPorts(given);
    assert.deepEqual(
      ports.map((port) => port.name),
      ['plain', 'full'],
    );
    const [, full] = ports;
    assert.ok(full);
    assert.equal(full.fixed_ips[0]?.ip_address, '10.0.0.9');
    assert.deepEqual(full.allowed_address_pairs, [
      { ip_address: '10.0.0.100', mac_address: '00:00:5e:00:01:01' },
      { ip_address: '10.1.0.0/16', mac_address: 'fa:16:3e:00:00:09' },
    ]);
    assert.deepEqual(full.extra_dhcp_opts, [
      { opt_name: 'bootfile-name', opt_value: 'a.img', ip_version: 4 },
    ]);
    assert.deepEqual(full.tags, ['a', 'b']);
    assert.equal(full.status, 'DOWN');
    assert.equal(full['binding:vif_type'], 'unbound');
    const stored = await service.stored([full.id]);
    assert.deepEqual(stored, [full]);
    assert.deepEqual(
      service.told.filter((change) => change.kind === 'port').map((change) => [change.action, change.id]),
      ports.map((port) => ['create', port.id]),
    );
  });

  it('gives no address for an empty list, and the lowest free ones to network services', async () => {
    const service = await createPortService(databases);
    const network = await service.network();
    await service.subnet({ network_id: network.id, cidr: '10.0.0.0/24' });
    const none = await service.port({ network_id: network.id, fixed_ips: [] });
    assert.deepEqual(none.fixed_ips, []);
    await service.port({ network_id: network.id, fixed_ips: [{ ip_address: '10.0.0.3' }] });
    for (const expected of ['10.0.0.2', '10.0.0.4', '10.0.0.5']) {
      const port = await service.port({ network_id: network.id, device_owner: 'network:dhcp' });
      assert.equal(port.fixed_ips[0]?.ip_address, expected);
    }
  });
};

const askedAddresses = (databases: TestDatabases): void => {
  it('takes addresses outside of the pools, but not outside of the subnet', async () => {
    const service = await createPortService(databases);
    const network = await service.network();
    const pools = [{ start: '10.0.0.10', end: '10.0.0.20' }];
    const subnet = await service.subnet({
      network_id: network.id,
      cidr: '10.0.0.0/24',
      allocation_pools: pools,
    });
    const asking = (fixed: object) => service.port({ network_id: network.id, fixed_ips: [fixed] });
    const port = await asking({ ip_address: '10.0.0.200' });
    assert.deepEqual(port.fixed_ips, [{ subnet_id: subnet.id, ip_address: '10.0.0.200' }]);
    await assert.rejects(asking({ ip_address: '10.0.0.200' }), refusal(IpAddressAlreadyAllocated));
    await assert.rejects(asking({ ip_address: '10.0.1.1' }), refusal(InvalidIpForNetwork));
    await assert.rejects(asking({ ip_address: '10.0.0.255' }), refusal(InvalidIpForNetwork));
    await assert.rejects(
      asking({ ip_address: '10.0.1.1', subnet_id: subnet.id }),
      refusal(InvalidIpForSubnet),
    );
    await assert.rejects(asking({ subnet_id: randomUUID() }), refusal(SubnetNotFound));
    const other = await service.network();
    const foreign = await service.subnet({ network_id: other.id, cidr: '10.9.0.0/24' });
    await assert.rejects(asking({ subnet_id: foreign.id }), refusal(InvalidInput));
    await assert.rejects(asking({}), refusal(InvalidInput));
    const bare = await service.network();
    const onBare = service.port({ network_id: bare.id, fixed_ips: [{ ip_address: '10.0.0.1' }] });
    await assert.rejects(onBare, refusal(InvalidInput));
    assert.deepEqual((await service.port({ network_id: bare.id })).fixed_ips, []);
  });

  it('takes only the derived address in automatic subnets', async () => {
    const service = await createPortService(databases);
    const network = await service.network();
    const modes = { ipv6_ra_mode: 'slaac', ipv6_address_mode: 'slaac' };
    const slaac = await service.subnet({ network_id: network.id, cidr: '2001:db8::/64', ...modes });
    const given = { network_id: network.id, mac_address: 'fa:16:3e:00:00:01' };
    await assert.rejects(
      service.port({ ...given, fixed_ips: [{ ip_address: '2001:db8::5' }] }),
      refusal(AllocationOnAutoAddressSubnet),
    );
    const derived = { subnet_id: slaac.id, ip_address: '2001:db8::f816:3eff:fe00:1' };
    const port = await service.port({ ...given, fixed_ips: [{ ip_address: derived.ip_address }] });
    assert.deepEqual(port.fixed_ips, [derived]);
    const router = await service.port({
      network_id: network.id,
      device_owner: 'network:router_interface',
      fixed_ips: [{ ip_address: '2001:db8::' }],
    });
    assert.equal(router.fixed_ips[0]?.ip_address, '2001:db8::');
  });

  it('keeps MAC addresses unique in a network', async () => {
    const service = await createPortService(databases);
    const network = await service.network();
    const given = { network_id: network.id, mac_address: 'fa:16:3e:00:00:01' };
    await service.port(given);
    await assert.rejects(service.port(given), refusal(MacAddressInUse));
    const twice = { network_id: network.id, mac_address: 'fa:16:3e:00:00:02' };
    await assert.rejects(service.createPorts([twice, twice]), refusal(MacAddressInUse));
    const other = await service.network();
    assert.equal((await service.port({ ...given, network_id: other.id })).mac_address, given.mac_address);
  });
};

const securityGroups = (databases: TestDatabases): void => {
  it('puts ports in the default group unless they say otherwise', async () => {
    const service = await createPortService(databases);
    const network = await service.network({ shared: true });
    const blue = member('blue');
    const [first, second] = await service.createPorts(
      [{ network_id: network.id }, { network_id: network.id }],
      blue,
    );
    assert.equal(first?.security_groups.length, 1);
    assert.deepEqual(first?.security_groups, second?.security_groups);
    const none = await service.port({ network_id: network.id, security_groups: [] }, blue);
    assert.deepEqual(none.security_groups, []);
    const trusted = await service.port({ network_id: network.id, device_owner: 'network:dhcp' });
    assert.deepEqual(trusted.security_groups, []);
    assert.equal(trusted.port_security_enabled, false);
    const open = await service.port({ network_id: network.id, port_security_enabled: false });
    assert.deepEqual(open.security_groups, []);
  });

  it('takes only groups that the project may use, and no mix of stateful and stateless', async () => {
    const service = await createPortService(databases);
    const network = await service.network({ shared: true });
    const [own, stateless, foreign] = [
      await service.securityGroup('blue'),
      await service.securityGroup('blue', false),
      await service.securityGroup('red'),
    ];
    const asking = (groups: readonly string[], who = member('blue')) =>
      service.port({ network_id: network.id, security_groups: groups }, who);
    assert.deepEqual((await asking([own])).security_groups, [own]);
    assert.deepEqual((await asking([stateless])).security_groups, [stateless]);
    await assert.rejects(asking([own, stateless]), refusal(SecurityGroupConflict));
    await assert.rejects(asking([foreign]), refusal(SecurityGroupNotFound));
    await assert.rejects(asking([randomUUID()]), refusal(SecurityGroupNotFound));
    assert.deepEqual((await asking([foreign], admin)).security_groups, [foreign]);
  });

  it('needs port security for groups and address pairs', async () => {
    const service = await createPortService(databases);
    const network = await service.network();
    const group = await service.securityGroup('admin');
    const open = { network_id: network.id, port_security_enabled: false };
    await assert.rejects(
      service.port({ ...open, security_groups: [group] }),
      refusal(PortSecurityAndIPRequiredForSecurityGroups),
    );
    await assert.rejects(
      service.port({ ...open, allowed_address_pairs: [{ ip_address: '10.0.0.9' }] }),
      refusal(AddressPairAndPortSecurityRequired),
    );
    const off = await service.network({ port_security_enabled: false });
    assert.equal((await service.port({ network_id: off.id })).port_security_enabled, false);
  });
};

const requests = (databases: TestDatabases): void => {
  it('tells pairs apart only with their MAC address filled in', async () => {
    const service = await createPortService(databases);
    const network = await service.network();
    const pairs = [{ ip_address: '10.0.0.9' }, { ip_address: '10.0.0.9', mac_address: 'fa:16:3e:00:00:01' }];
    const given = { network_id: network.id, allowed_address_pairs: pairs };
    await assert.rejects(
      service.port({ ...given, mac_address: 'fa:16:3e:00:00:01' }),
      refusal(DuplicateAddressPairInRequest),
    );
    const port = await service.port({ ...given, mac_address: 'fa:16:3e:00:00:02' });
    assert.equal(port.allowed_address_pairs.length, 2);
  });

  it('finds only networks that the project may use', async () => {
    const service = await createPortService(databases);
    const closed = await service.network();
    const blue = member('blue');
    await assert.rejects(service.port({ network_id: closed.id }, blue), refusal(NetworkNotFound));
    await assert.rejects(service.port({ network_id: randomUUID() }), refusal(NetworkNotFound));
    const own = await service.network({}, blue);
    assert.equal((await service.port({ network_id: own.id }, blue)).project_id, 'blue');
  });

  it('creates all or none', async () => {
    const service = await createPortService(databases);
    const network = await service.network();
    await service.subnet({ network_id: network.id, cidr: '10.0.0.0/24' });
    const good = { network_id: network.id };
    const bad = { network_id: network.id, fixed_ips: [{ ip_address: '10.0.0.77' }] };
    await service.port(bad);
    await assert.rejects(service.createPorts([good, good, bad]), refusal(IpAddressAlreadyAllocated));
    const rows = await service.database.read((reader) =>
      reader.query.selectFrom('ports').select('id').execute(),
    );
    assert.equal(rows.length, 1);
  });

  it('binds ports that name a host', async () => {
    const service = await createPortService(databases);
    const network = await service.network();
    await service.subnet({ network_id: network.id, cidr: '10.0.0.0/24' });
    const port = await service.port({ network_id: network.id, 'binding:host_id': 'host-1' });
    assert.equal(port['binding:vif_type'], 'ovs');
    assert.deepEqual(await service.stored([port.id]), [port]);
    const failed = await service.port({ network_id: network.id, 'binding:host_id': 'nowhere' });
    assert.equal(failed['binding:vif_type'], 'binding_failed');
  });

  it('needs few statements, for one port or a hundred', async () => {
    const service = await createPortService(databases);
    const network = await service.network();
    await service.subnet({ network_id: network.id, cidr: '10.0.0.0/16' });
    await service.port({ network_id: network.id });
    service.statements.length = 0;
    await service.createPorts([{ network_id: network.id }]);
    const one = service.statements.length;
    assert.ok(one <= 7, `${one} statements: ${service.statements.join(', ')}`);
    service.statements.length = 0;
    const many = await service.createPorts(Array.from({ length: 100 }, () => ({ network_id: network.id })));
    assert.ok(service.statements.length <= one + 3, `${service.statements.length} statements for 100`);
    assert.equal(new Set(many.map((port) => port.fixed_ips[0]?.ip_address)).size, 100);
    assert.equal(new Set(many.map((port) => port.mac_address)).size, 100);
  });
};

forEachDialect('new ports', (databases) => {
  describe('creating ports', () => {
    defaultAddresses(databases);
    storedValues(databases);
    askedAddresses(databases);
    securityGroups(databases);
    requests(databases);
  });
});
