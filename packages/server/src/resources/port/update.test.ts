import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  AddressPairAndPortSecurityRequired,
  InvalidIpForNetwork,
  IpAddressAlreadyAllocated,
  MacAddressInUse,
  PortBound,
  PortBoundNUMAAffinityPolicy,
  PortInUse,
  PortSecurityPortHasSecurityGroup,
  SecurityGroupConflict,
  ServicePortInUse,
  UnsupportedPortDeviceOwner,
} from '@ovenbird/api';
import { forEachDialect, type TestDatabases } from '../../testing/databases.ts';
import { createPortService, type Given, refusal } from '../../testing/port-service.ts';

const SLAAC = { cidr: '2001:db8::/64', ipv6_ra_mode: 'slaac', ipv6_address_mode: 'slaac' };

const withAddresses = async (databases: TestDatabases, given: Given = {}) => {
  const service = await createPortService(databases);
  const network = await service.network();
  const v4 = await service.subnet({ network_id: network.id, cidr: '10.0.0.0/24' });
  const v6 = await service.subnet({ network_id: network.id, ...SLAAC });
  const port = await service.port({
    network_id: network.id,
    mac_address: 'fa:16:3e:00:00:01',
    fixed_ips: [{ ip_address: '10.0.0.5' }],
    ...given,
  });
  return { service, network, v4, v6, port };
};

const derived = '2001:db8::f816:3eff:fe00:1';
const texts = (port: { readonly fixed_ips: readonly { readonly ip_address: string }[] }) =>
  port.fixed_ips.map((ip) => ip.ip_address);

const addressUpdates = (databases: TestDatabases): void => {
  it('stay when a subnet alone is named, and make room for new ones', async () => {
    const { service, v4, port } = await withAddresses(databases);
    assert.deepEqual(texts(port), ['10.0.0.5', derived]);
    const same = await service.updatePort(port, { fixed_ips: [{ subnet_id: v4.id }] });
    assert.deepEqual(same, port);
    const grown = await service.updatePort(port, {
      fixed_ips: [{ subnet_id: v4.id }, { ip_address: '10.0.0.9' }],
    });
    assert.deepEqual(texts(grown), ['10.0.0.5', derived, '10.0.0.9']);
    assert.deepEqual(await service.stored([port.id]), [grown]);
    const moved = await service.updatePort(grown, { fixed_ips: [{ ip_address: '10.0.0.9' }] });
    assert.deepEqual(texts(moved), [derived, '10.0.0.9']);
    assert.deepEqual(await service.stored([port.id]), [moved]);
  });

  it('that are automatic go only with delete_subnet', async () => {
    const { service, v6, port } = await withAddresses(databases);
    const bare = await service.updatePort(port, { fixed_ips: [] });
    assert.deepEqual(texts(bare), [derived]);
    const none = await service.updatePort(bare, { fixed_ips: [{ subnet_id: v6.id, delete_subnet: true }] });
    assert.deepEqual(texts(none), []);
    assert.deepEqual(await service.stored([port.id]), [none]);
  });

  it('that are automatic follow the MAC address', async () => {
    const { service, port } = await withAddresses(databases);
    const renewed = await service.updatePort(port, { mac_address: 'fa:16:3e:00:00:02' });
    assert.deepEqual(texts(renewed), ['10.0.0.5', '2001:db8::f816:3eff:fe00:2']);
    assert.deepEqual(await service.stored([port.id]), [renewed]);
    const fixed = texts(renewed).map((ip_address) => ({ ip_address }));
    const both = await service.updatePort(renewed, { mac_address: 'fa:16:3e:00:00:03', fixed_ips: fixed });
    assert.deepEqual(texts(both), ['10.0.0.5', '2001:db8::f816:3eff:fe00:3']);
  });

  it('are refused as on create, and then nothing changes', async () => {
    const { service, network, port } = await withAddresses(databases);
    await service.port({ network_id: network.id, fixed_ips: [{ ip_address: '10.0.0.77' }] });
    const taken = service.updatePort(port, { name: 'new', fixed_ips: [{ ip_address: '10.0.0.77' }] });
    await assert.rejects(taken, refusal(IpAddressAlreadyAllocated));
    const outside = service.updatePort(port, { fixed_ips: [{ ip_address: '10.1.0.77' }] });
    await assert.rejects(outside, refusal(InvalidIpForNetwork));
    assert.deepEqual(await service.stored([port.id]), [port]);
  });
};

const withPort = async (databases: TestDatabases, given: Given = {}) => {
  const service = await createPortService(databases);
  const network = await service.network();
  await service.subnet({ network_id: network.id, cidr: '10.0.0.0/24' });
  const port = await service.port({ network_id: network.id, ...given });
  return { service, network, port };
};

const plainUpdates = (databases: TestDatabases): void => {
  it('changes what is named and counts one revision', async () => {
    const { service, port } = await withPort(databases);
    const given = {
      name: 'new',
      admin_state_up: false,
      device_id: 'd',
      device_owner: 'compute:x',
      description: 'text',
    };
    const updated = await service.updatePort(port, given);
    assert.deepEqual(
      { ...updated, updated_at: '' },
      { ...port, ...given, updated_at: '', revision_number: port.revision_number + 1 },
    );
    assert.deepEqual(await service.stored([port.id]), [updated]);
    assert.equal((await service.updatePort(updated, given)).revision_number, updated.revision_number);
  });

  it('records before and after', async () => {
    const { service, port } = await withPort(databases);
    service.told.length = 0;
    const updated = await service.updatePort(port, { name: 'new' });
    assert.deepEqual(service.told, [
      { kind: 'port', action: 'update', id: port.id, original: port, current: updated },
    ]);
  });

  it('replaces groups and address pairs, and merges DHCP options', async () => {
    const { service, port } = await withPort(databases, {
      extra_dhcp_opts: [{ opt_name: 'a', opt_value: '1' }],
    });
    const groups = [await service.securityGroup('admin'), await service.securityGroup('admin')].sort();
    const stateless = await service.securityGroup('admin', false);
    const updated = await service.updatePort(port, {
      security_groups: groups,
      allowed_address_pairs: [{ ip_address: '10.0.0.99' }],
      extra_dhcp_opts: [
        { opt_name: 'a', opt_value: null },
        { opt_name: 'b', opt_value: '2' },
      ],
    });
    assert.deepEqual(updated.security_groups, groups);
    assert.deepEqual(updated.allowed_address_pairs, [
      { ip_address: '10.0.0.99', mac_address: port.mac_address },
    ]);
    assert.deepEqual(updated.extra_dhcp_opts, [{ opt_name: 'b', opt_value: '2', ip_version: 4 }]);
    assert.deepEqual(await service.stored([port.id]), [updated]);
    const mixed = service.updatePort(updated, { security_groups: [groups[0], stateless] });
    await assert.rejects(mixed, refusal(SecurityGroupConflict));
    const cleared = await service.updatePort(updated, { security_groups: [], allowed_address_pairs: [] });
    assert.deepEqual([cleared.security_groups, cleared.allowed_address_pairs], [[], []]);
    assert.deepEqual(await service.stored([port.id]), [cleared]);
  });

  it('turns port security off only without groups and pairs', async () => {
    const { service, port } = await withPort(databases);
    const off = { port_security_enabled: false };
    await assert.rejects(service.updatePort(port, off), refusal(PortSecurityPortHasSecurityGroup));
    const paired = await service.updatePort(port, { allowed_address_pairs: [{ ip_address: '10.0.0.99' }] });
    const withPairs = service.updatePort(paired, { ...off, security_groups: [] });
    await assert.rejects(withPairs, refusal(AddressPairAndPortSecurityRequired));
    const open = await service.updatePort(paired, { ...off, security_groups: [], allowed_address_pairs: [] });
    assert.equal(open.port_security_enabled, false);
    assert.deepEqual(await service.stored([port.id]), [open]);
  });
};

const deviceUpdates = (databases: TestDatabases): void => {
  it('guards the MAC address, and what else holds while it is bound', async () => {
    const { service, network, port } = await withPort(databases);
    const other = await service.port({ network_id: network.id });
    const taken = service.updatePort(port, { mac_address: other.mac_address });
    await assert.rejects(taken, refusal(MacAddressInUse));
    const trusted = await service.port({ network_id: network.id, device_owner: 'network:dhcp' });
    const service2 = service.updatePort(trusted, { mac_address: 'fa:16:3e:00:00:01' });
    await assert.rejects(service2, refusal(UnsupportedPortDeviceOwner));
    const bound = await service.updatePort(port, { 'binding:host_id': 'host-1' });
    assert.equal(bound['binding:vif_type'], 'ovs');
    const plugged = service.updatePort(bound, { mac_address: 'fa:16:3e:00:00:01' });
    await assert.rejects(plugged, refusal(PortBound));
    await assert.rejects(service.updatePort(bound, { 'binding:vnic_type': 'direct' }), refusal(PortInUse));
    const affine = service.updatePort(bound, { numa_affinity_policy: 'required' });
    await assert.rejects(affine, refusal(PortBoundNUMAAffinityPolicy));
  });

  it('gives a new MAC address to a port that lets a physical device go', async () => {
    const { service, network } = await withPort(databases);
    const port = await service.port({
      network_id: network.id,
      mac_address: '52:54:00:00:00:01',
      device_id: 'machine',
      device_owner: 'compute:nova',
      'binding:vnic_type': 'direct-physical',
    });
    const freed = await service.updatePort(port, { device_id: '', device_owner: '' });
    assert.match(freed.mac_address, /^fa:16:3e:/);
    assert.deepEqual(await service.stored([port.id]), [freed]);
  });

  it('binds anew when host or profile change, and unbinds', async () => {
    const { service, port } = await withPort(databases, { 'binding:host_id': 'host-1' });
    const moved = await service.updatePort(port, {
      'binding:host_id': 'host-2',
      'binding:profile': { a: 'b' },
    });
    assert.deepEqual([moved['binding:host_id'], moved['binding:vif_type']], ['host-2', 'ovs']);
    assert.deepEqual(moved['binding:profile'], { a: 'b' });
    assert.deepEqual(await service.stored([port.id]), [moved]);
    const unbound = await service.updatePort(moved, { 'binding:host_id': '' });
    assert.deepEqual([unbound['binding:vif_type'], unbound['binding:vif_details']], ['unbound', {}]);
    assert.equal(unbound.status, 'DOWN');
    assert.deepEqual(await service.stored([port.id]), [unbound]);
  });
};

const deletions = (databases: TestDatabases): void => {
  it('frees addresses and leaves nothing behind', async () => {
    const service = await createPortService(databases);
    const network = await service.network();
    await service.subnet({ network_id: network.id, cidr: '10.0.0.0/24' });
    const given = { network_id: network.id, fixed_ips: [{ ip_address: '10.0.0.5' }], tags: ['a'] };
    const port = await service.port({
      ...given,
      'binding:host_id': 'host-1',
      allowed_address_pairs: [{ ip_address: '10.0.0.99' }],
    });
    await service.deletePort(port);
    const counts = await service.database.read(async ({ query }) => [
      (await query.selectFrom('ports').selectAll().execute()).length,
      (await query.selectFrom('ip_allocations').selectAll().execute()).length,
      (await query.selectFrom('allowed_address_pairs').selectAll().execute()).length,
      (await query.selectFrom('port_security_groups').selectAll().execute()).length,
      (await query.selectFrom('port_bindings').selectAll().execute()).length,
      (await query.selectFrom('port_binding_levels').selectAll().execute()).length,
      (await query.selectFrom('tags').selectAll().execute()).length,
    ]);
    assert.deepEqual(counts, [0, 0, 0, 0, 0, 0, 0]);
    assert.deepEqual(service.told.at(-1), { kind: 'port', action: 'delete', id: port.id, original: port });
    assert.equal((await service.port(given)).fixed_ips[0]?.ip_address, '10.0.0.5');
  });

  it('leaves ports of routers to the router', async () => {
    const service = await createPortService(databases);
    const network = await service.network();
    const given = { network_id: network.id, device_owner: 'network:router_interface', device_id: 'router' };
    const port = await service.port(given);
    await assert.rejects(service.deletePort(port), refusal(ServicePortInUse));
    const forsaken = await service.updatePort(port, { device_id: '' });
    await service.deletePort(forsaken);
    assert.deepEqual(await service.stored([port.id]), []);
  });
};

forEachDialect('stored ports', (databases) => {
  describe('addresses of a port', () => {
    addressUpdates(databases);
  });
  describe('updating ports', () => {
    plainUpdates(databases);
    deviceUpdates(databases);
  });
  describe('deleting ports', () => {
    deletions(databases);
  });
});
