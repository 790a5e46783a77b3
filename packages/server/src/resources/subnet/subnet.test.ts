import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, it } from 'node:test';
import {
  BadRequest,
  GatewayConflictWithAllocationPools,
  GatewayIpInUse,
  InvalidInput,
  IpAddressGenerationFailure,
  type Network,
  NetworkMTUSubnetConflict,
  NetworkNotFound,
  OutOfBoundsAllocationPool,
  type Subnet,
  SubnetInUse,
} from '@ovenbird/api';
import { forEachDialect, type TestDatabases } from '../../testing/databases.ts';
import { createPortService, member, type PortService, refusal } from '../../testing/port-service.ts';
import { subnetsOfNetwork } from './store.ts';

const SLAAC = { ipv6_ra_mode: 'slaac', ipv6_address_mode: 'slaac' };

const stored = (service: PortService, networkId: string): Promise<readonly Subnet[]> =>
  service.database.read((reader) => subnetsOfNetwork(reader, networkId));

const networkRevision = async (service: PortService, { id }: Network): Promise<number | undefined> =>
  service.database.read(
    async ({ query }) =>
      (await query.selectFrom('networks').select('revision_number').where('id', '=', id).executeTakeFirst())
        ?.revision_number,
  );

const creations = (databases: TestDatabases): void => {
  it('fills in gateway and pools, and stores what it answers', async () => {
    const service = await createPortService(databases);
    const network = await service.network();
    const subnet = await service.subnet({
      network_id: network.id,
      name: 'green',
      cidr: '10.0.0.0/24',
      dns_nameservers: ['10.0.0.53', '10.0.0.54'],
      host_routes: [{ destination: '10.9.0.0/16', nexthop: '10.0.0.7' }],
    });
    assert.equal(subnet.gateway_ip, '10.0.0.1');
    assert.deepEqual(subnet.allocation_pools, [{ start: '10.0.0.2', end: '10.0.0.254' }]);
    assert.deepEqual(subnet.dns_nameservers, ['10.0.0.53', '10.0.0.54']);
    const six = await service.subnet({ network_id: network.id, cidr: '2001:db8::/64', gateway_ip: null });
    assert.equal(six.gateway_ip, null);
    assert.deepEqual(
      await stored(service, network.id),
      [subnet, six].sort((a, b) => (a.id < b.id ? -1 : 1)),
    );
  });

  it('refuses prefixes that overlap within the network only', async () => {
    const service = await createPortService(databases);
    const network = await service.network();
    await service.subnet({ network_id: network.id, cidr: '10.0.0.0/24' });
    for (const cidr of ['10.0.0.0/24', '10.0.0.128/25', '10.0.0.0/16']) {
      await assert.rejects(service.subnet({ network_id: network.id, cidr }), refusal(InvalidInput), cidr);
    }
    await service.subnet({ network_id: network.id, cidr: '10.0.1.0/24' });
    const other = await service.network();
    await service.subnet({ network_id: other.id, cidr: '10.0.0.0/24' });
    assert.equal((await stored(service, network.id)).length, 2);
  });

  it('makes one of several overlapping ones that come at once', async () => {
    const service = await createPortService(databases);
    const network = await service.network();
    const outcomes = await Promise.allSettled(
      ['10.0.0.0/24', '10.0.0.0/25', '10.0.0.0/16', '10.0.0.64/26'].map((cidr) =>
        service.subnet({ network_id: network.id, cidr }),
      ),
    );
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
    assert.equal(refused.length, 3);
    for (const { reason } of refused) assert.ok(InvalidInput.is(reason), reason);
  });

  it('checks pools, gateway, prefix and network', async () => {
    const service = await createPortService(databases);
    const network = await service.network();
    const asking = (given: object) =>
      service.subnet({ network_id: network.id, cidr: '10.0.0.0/24', ...given });
    const pool = (start: string, end: string) => ({ allocation_pools: [{ start, end }] });
    await assert.rejects(asking(pool('10.0.0.1', '10.0.0.9')), refusal(GatewayConflictWithAllocationPools));
    await assert.rejects(asking(pool('10.0.1.1', '10.0.1.9')), refusal(OutOfBoundsAllocationPool));
    await assert.rejects(asking({ gateway_ip: '10.0.0.255' }), refusal(InvalidInput));
    await assert.rejects(asking({ cidr: '0.0.0.0/0' }), refusal(InvalidInput));
    await assert.rejects(asking({ network_id: randomUUID() }), refusal(NetworkNotFound));
    await assert.rejects(asking({ prefixlen: 24 }), refusal(BadRequest));
    await assert.rejects(service.subnet({ network_id: network.id }), refusal(BadRequest));
    await assert.rejects(
      service.subnet({ network_id: network.id, cidr: '10.0.0.0/24' }, member('blue')),
      refusal(NetworkNotFound),
    );
    assert.deepEqual(await stored(service, network.id), []);
  });

  it('needs an MTU that the IP version can live with', async () => {
    const service = await createPortService(databases);
    const network = await service.network({ mtu: 1000 });
    await service.subnet({ network_id: network.id, cidr: '10.0.0.0/24' });
    const six = service.subnet({ network_id: network.id, cidr: '2001:db8::/64' });
    await assert.rejects(six, refusal(NetworkMTUSubnetConflict));
  });
};

const effects = (databases: TestDatabases): void => {
  it('counts as a change of the network', async () => {
    const service = await createPortService(databases);
    const network = await service.network();
    service.told.length = 0;
    const subnet = await service.subnet({ network_id: network.id, cidr: '10.0.0.0/24' });
    assert.equal(await networkRevision(service, network), network.revision_number + 1);
    const changed = service.told.find((change) => change.kind === 'network');
    assert.ok(changed?.action === 'update');
    assert.deepEqual([changed.original.subnets, changed.current.subnets], [[], [subnet.id]]);
    assert.equal(changed.current.revision_number, network.revision_number + 1);
  });

  it('gives the ports of the network their automatic addresses', async () => {
    const service = await createPortService(databases);
    const network = await service.network();
    const v4 = await service.subnet({ network_id: network.id, cidr: '10.0.0.0/24' });
    const port = await service.port({
      network_id: network.id,
      mac_address: 'fa:16:3e:00:00:01',
      fixed_ips: [{ ip_address: '10.0.0.5' }],
    });
    const owner = { device_owner: 'network:router_interface', device_id: 'router' };
    const router = await service.port({ network_id: network.id, ...owner });
    service.told.length = 0;
    const slaac = await service.subnet({ network_id: network.id, cidr: '2001:db8::/64', ...SLAAC });
    const [current] = await service.stored([port.id]);
    assert.deepEqual(current?.fixed_ips, [
      { subnet_id: v4.id, ip_address: '10.0.0.5' },
      { subnet_id: slaac.id, ip_address: '2001:db8::f816:3eff:fe00:1' },
    ]);
    assert.equal(current.revision_number, port.revision_number + 1);
    assert.deepEqual(await service.stored([router.id]), [router]);
    assert.deepEqual(
      service.told.filter((change) => change.kind === 'port'),
      [{ kind: 'port', action: 'update', id: port.id, original: port, current }],
    );
  });
};

const updates = (databases: TestDatabases): void => {
  it('changes what is named and counts one revision', async () => {
    const service = await createPortService(databases);
    const network = await service.network();
    const subnet = await service.subnet({ network_id: network.id, cidr: '10.0.0.0/24' });
    const given = {
      name: 'new',
      gateway_ip: null,
      enable_dhcp: false,
      allocation_pools: [{ start: '10.0.0.10', end: '10.0.0.20' }],
      dns_nameservers: ['10.0.0.53'],
      host_routes: [{ destination: '10.9.0.0/16', nexthop: '10.0.0.7' }],
    };
    const updated = await service.updateSubnet(subnet, given);
    assert.deepEqual(
      { ...updated, updated_at: '' },
      { ...subnet, ...given, updated_at: '', revision_number: subnet.revision_number + 1 },
    );
    assert.deepEqual(await stored(service, network.id), [updated]);
    assert.deepEqual(await service.updateSubnet(updated, given), updated);
    assert.equal(await networkRevision(service, network), network.revision_number + 2);
  });

  it('keeps the gateway out of the pools', async () => {
    const service = await createPortService(databases);
    const network = await service.network();
    const subnet = await service.subnet({ network_id: network.id, cidr: '10.0.0.0/24' });
    const inside = service.updateSubnet(subnet, { gateway_ip: '10.0.0.9' });
    await assert.rejects(inside, refusal(GatewayConflictWithAllocationPools));
    const pools = [{ start: '10.0.0.10', end: '10.0.0.20' }];
    const both = await service.updateSubnet(subnet, { gateway_ip: '10.0.0.9', allocation_pools: pools });
    assert.equal(both.gateway_ip, '10.0.0.9');
    assert.deepEqual((await service.port({ network_id: network.id })).fixed_ips.length, 1);
  });

  it('keeps a gateway that a router has', async () => {
    const service = await createPortService(databases);
    const network = await service.network();
    const subnet = await service.subnet({ network_id: network.id, cidr: '10.0.0.0/24' });
    await service.port({
      network_id: network.id,
      device_owner: 'network:router_interface',
      device_id: 'router',
      fixed_ips: [{ ip_address: '10.0.0.1' }],
    });
    await assert.rejects(service.updateSubnet(subnet, { gateway_ip: null }), refusal(GatewayIpInUse));
    assert.equal((await service.updateSubnet(subnet, { gateway_ip: '10.0.0.1', name: 'x' })).name, 'x');
  });

  it('hands out from the new pools', async () => {
    const service = await createPortService(databases);
    const network = await service.network();
    const subnet = await service.subnet({ network_id: network.id, cidr: '10.0.0.0/24' });
    await service.updateSubnet(subnet, { allocation_pools: [{ start: '10.0.0.200', end: '10.0.0.200' }] });
    const port = await service.port({ network_id: network.id });
    assert.equal(port.fixed_ips[0]?.ip_address, '10.0.0.200');
    await assert.rejects(service.port({ network_id: network.id }), refusal(IpAddressGenerationFailure));
  });
};

const deletions = (databases: TestDatabases): void => {
  it('waits for the addresses of users', async () => {
    const service = await createPortService(databases);
    const network = await service.network();
    const subnet = await service.subnet({ network_id: network.id, cidr: '10.0.0.0/24' });
    const port = await service.port({ network_id: network.id });
    await assert.rejects(service.deleteSubnet(subnet), refusal(SubnetInUse));
    await service.deletePort(port);
    await service.deleteSubnet(subnet);
    assert.deepEqual(await stored(service, network.id), []);
    assert.equal(await networkRevision(service, network), network.revision_number + 2);
  });

  it('takes automatic addresses and those of the network itself away', async () => {
    const service = await createPortService(databases);
    const network = await service.network();
    const v4 = await service.subnet({ network_id: network.id, cidr: '10.0.0.0/24' });
    const slaac = await service.subnet({ network_id: network.id, cidr: '2001:db8::/64', ...SLAAC });
    const dhcp = await service.port({ network_id: network.id, device_owner: 'network:dhcp' });
    const port = await service.port({ network_id: network.id, fixed_ips: [{ subnet_id: slaac.id }] });
    assert.equal(port.fixed_ips.length, 1);
    service.told.length = 0;
    await service.deleteSubnet(slaac);
    const [current] = await service.stored([port.id]);
    assert.deepEqual(current?.fixed_ips, []);
    assert.ok(service.told.some((change) => change.kind === 'port' && change.id === port.id));
    await service.deleteSubnet(v4);
    assert.deepEqual((await service.stored([dhcp.id]))[0]?.fixed_ips, []);
  });

  it('is refused while a router has an automatic address', async () => {
    const service = await createPortService(databases);
    const network = await service.network();
    const slaac = await service.subnet({ network_id: network.id, cidr: '2001:db8::/64', ...SLAAC });
    const owner = { device_owner: 'network:router_interface', device_id: 'router' };
    await service.port({ network_id: network.id, ...owner, fixed_ips: [{ ip_address: '2001:db8::' }] });
    await assert.rejects(service.deleteSubnet(slaac), refusal(SubnetInUse));
  });
};

const metadataPorts = (databases: TestDatabases): void => {
  it('have an address in each subnet with DHCP, and go with the network', async () => {
    const service = await createPortService(databases, { metadata: true });
    const network = await service.network();
    const find = async () => {
      const rows = await service.database.read(({ query }) =>
        query.selectFrom('ports').select('id').where('device_owner', '=', 'network:distributed').execute(),
      );
      return service.stored(rows.map((row) => row.id));
    };
    const subnetIds = async () => (await find())[0]?.fixed_ips.map((ip) => ip.subnet_id).sort();
    assert.deepEqual(await subnetIds(), []);
    assert.equal((await find())[0]?.ip_allocation, 'immediate');
    const first = await service.subnet({ network_id: network.id, cidr: '10.0.0.0/24' });
    const second = await service.subnet({ network_id: network.id, cidr: '10.0.1.0/24', enable_dhcp: false });
    const third = await service.subnet({ network_id: network.id, cidr: '2001:db8::/64', ...SLAAC });
    assert.deepEqual(await subnetIds(), [first.id, third.id].sort());
    await service.updateSubnet(second, { enable_dhcp: true });
    assert.deepEqual(await subnetIds(), [first.id, second.id, third.id].sort());
    assert.equal(
      (await find())[0]?.fixed_ips.find((ip) => ip.subnet_id === first.id)?.ip_address,
      '10.0.0.2',
    );
    await service.updateSubnet(first, { enable_dhcp: false });
    await service.deleteSubnet(third);
    assert.deepEqual(await subnetIds(), [second.id]);
    await service.deleteSubnet(second);
    assert.deepEqual(await subnetIds(), []);
    await service.deleteNetwork(network.id);
    assert.deepEqual(await find(), []);
  });
};

forEachDialect('subnets', (databases) => {
  describe('creating subnets', () => {
    creations(databases);
    effects(databases);
  });
  describe('updating subnets', () => {
    updates(databases);
  });
  describe('deleting subnets', () => {
    deletions(databases);
  });
  describe('metadata ports', () => {
    metadataPorts(databases);
  });
});
