import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  type ErrorKind,
  IpAddressAlreadyAllocated,
  IpAddressGenerationFailure,
  MacAddressInUse,
  NetworkInUse,
  NetworkNotFound,
  type Port,
  parseIp,
} from '@ovenbird/api';
import { forEachDialect, type TestDatabases } from '../../testing/databases.ts';
import { createPortService, type Given, refusal } from '../../testing/port-service.ts';

const parallelRequests = (databases: TestDatabases): void => {
  it('hands out each address of a subnet once to parallel requests, then none', async () => {
    const service = await createPortService(databases);
    const network = await service.network();
    await service.subnet({ network_id: network.id, cidr: '192.0.2.0/28' });
    await service.port({ network_id: network.id, fixed_ips: [] });
    const outcomes = await Promise.allSettled(
      Array.from({ length: 24 }, () => service.port({ network_id: network.id })),
    );
    const given = outcomes.flatMap((outcome) =>
      outcome.status === 'fulfilled' ? outcome.value.fixed_ips.map((ip) => ip.ip_address) : [],
    );
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected')
        assert.ok(IpAddressGenerationFailure.is(outcome.reason), outcome.reason);
    }
    const numbers = given.map((text) => Number(parseIp(text)?.value ?? 0n) & 15).sort((a, b) => a - b);
    assert.deepEqual(numbers, [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14]);
  });

  it('never leaves a port on a network that goes at the same time', async () => {
    const service = await createPortService(databases);
    for (let round = 0; round < 5; round++) {
      const network = await service.network();
      const [made, gone] = await Promise.allSettled([
        service.port({ network_id: network.id, security_groups: [] }),
        service.deleteNetwork(network.id),
      ]);
      assert.notEqual(made.status, gone.status);
      if (made.status === 'rejected') assert.ok(NetworkNotFound.is(made.reason), made.reason);
      if (gone.status === 'rejected') assert.ok(NetworkInUse.is(gone.reason), gone.reason);
    }
  });

  it('gives one MAC address and one address to one of several that ask for them', async () => {
    const service = await createPortService(databases);
    const network = await service.network();
    await service.subnet({ network_id: network.id, cidr: '10.0.0.0/24' });
    const racing = async (given: Given, kind: ErrorKind<never>) => {
      const asking = { network_id: network.id, security_groups: [], ...given };
      const outcomes = await Promise.allSettled(Array.from({ length: 5 }, () => service.port(asking)));
      const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
      assert.equal(refused.length, 4);
      for (const { reason } of refused) assert.ok(kind.is(reason), reason);
    };
    await racing({ mac_address: 'fa:16:3e:00:00:01' }, MacAddressInUse);
    await racing({ fixed_ips: [{ ip_address: '10.0.0.9' }] }, IpAddressAlreadyAllocated);
  });
};

const densePools = (databases: TestDatabases): void => {
  it('finds the last free addresses of a full subnet, then none', async () => {
    const service = await createPortService(databases);
    const network = await service.network();
    const pools = [
      { start: '10.0.0.10', end: '10.0.7.200' },
      { start: '10.0.9.1', end: '10.0.9.3' },
    ];
    await service.subnet({ network_id: network.id, cidr: '10.0.0.0/16', allocation_pools: pools });
    const size = 7 * 256 + 200 - 10 + 1 + 3;
    const ports = await service.createPorts(Array.from({ length: size }, () => ({ network_id: network.id })));
    assert.equal(new Set(ports.map((port) => port.fixed_ips[0]?.ip_address)).size, size);
    const full = service.port({ network_id: network.id });
    await assert.rejects(full, refusal(IpAddressGenerationFailure));
    const freed = [0, 1, 999, size - 1].map((index) => ports[index]).filter((port) => port !== undefined);
    for (const port of freed) await service.deletePort(port);
    service.statements.length = 0;
    const again = await service.createPorts(freed.map(() => ({ network_id: network.id })));
    assert.ok(service.statements.length < 25, `${service.statements.length} statements`);
    const texts = (some: readonly Port[]) => some.map((port) => port.fixed_ips[0]?.ip_address).sort();
    assert.deepEqual(texts(again), texts(freed));
  });

  it('gives short addresses in a /64 with DHCPv6', async () => {
    const service = await createPortService(databases);
    const network = await service.network();
    const modes = { ipv6_ra_mode: 'dhcpv6-stateful', ipv6_address_mode: 'dhcpv6-stateful' };
    await service.subnet({ network_id: network.id, cidr: '2001:db8::/64', ...modes });
    const ports = await service.createPorts(Array.from({ length: 50 }, () => ({ network_id: network.id })));
    for (const port of ports)
      assert.match(port.fixed_ips[0]?.ip_address ?? '', /^2001:db8::(1:0|[0-9a-f]{1,4})$/);
    const dhcp = await service.port({ network_id: network.id, device_owner: 'network:distributed' });
    assert.match(dhcp.fixed_ips[0]?.ip_address ?? '', /^2001:db8::[0-9a-f]{1,2}$/);
  });
};

forEachDialect('many ports', (databases) => {
  describe('at once', () => parallelRequests(databases));
  describe('in small room', () => densePools(databases));
});
