import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Port, parseListQuery, port as portDefinition } from '@ovenbird/api';
import { listRows } from '../../db/query/rows.ts';
import type { RowScope } from '../../db/query/source.ts';
import { forEachDialect, type TestDatabases } from '../../testing/databases.ts';
import { admin, createPortService, member, type PortService } from '../../testing/port-service.ts';
import { portStore } from './store.ts';

const list = (
  service: PortService,
  text: string,
  scope: RowScope = 'everything',
): Promise<readonly Port[]> => {
  const query = parseListQuery(portDefinition, new URLSearchParams(text));
  return service.database.read(async (reader) =>
    portStore.assemble(reader, await listRows(reader, portStore, query, scope), undefined),
  );
};

const names = (ports: readonly Port[]) => ports.map((port) => port.name).sort();

const scopeOf = (who = admin): RowScope => ({
  projectId: who.context.projectId,
  visible: portStore.visibleTo?.(who.context),
});

const withPorts = async (databases: TestDatabases) => {
  const service = await createPortService(databases);
  const network = await service.network({ shared: true });
  const subnet = await service.subnet({ network_id: network.id, cidr: '10.0.0.0/16' });
  const six = await service.subnet({ network_id: network.id, cidr: '2001:db8::/64' });
  const group = await service.securityGroup('admin');
  const given = [
    {
      name: 'a',
      mac_address: 'fa:16:3e:00:00:0a',
      fixed_ips: [{ ip_address: '10.0.1.1' }, { ip_address: '10.0.2.2' }],
      device_id: 'machine',
      device_owner: 'compute:nova',
      tags: ['red', 'blue'],
    },
    { name: 'b', fixed_ips: [{ ip_address: '10.0.1.11' }], security_groups: [group], tags: ['red'] },
    { name: 'c', fixed_ips: [{ ip_address: '2001:db8::1:1' }], admin_state_up: false },
    { name: 'd', fixed_ips: [], 'binding:host_id': 'host-1' },
  ];
  const ports = await service.createPorts(given.map((one) => ({ network_id: network.id, ...one })));
  return { service, network, subnet, six, group, ports };
};

const listed = (databases: TestDatabases): void => {
  it('filters on everything that a port has', async () => {
    const { service, network, subnet, six, group, ports } = await withPorts(databases);
    const cases: readonly (readonly [string, readonly string[]])[] = [
      ['', ['a', 'b', 'c', 'd']],
      [`network_id=${network.id}`, ['a', 'b', 'c', 'd']],
      ['name=a&name=b', ['a', 'b']],
      ['name=', []],
      ['mac_address=FA:16:3E:00:00:0A', ['a']],
      ['device_id=machine', ['a']],
      ['device_owner=compute:nova', ['a']],
      ['admin_state_up=false', ['c']],
      ['status=DOWN&name=c', ['c']],
      [`security_groups=${group}`, ['b']],
      ['binding:host_id=host-1', ['d']],
      ['binding:host_id=host-1&name=a', []],
      ['fixed_ips=ip_address=10.0.1.1', ['a']],
      ['fixed_ips=ip_address=10.0.1.1&fixed_ips=ip_address=10.0.1.11', ['a', 'b']],
      ['fixed_ips=ip_address=2001:DB8:0::1:1', ['c']],
      [`fixed_ips=subnet_id=${subnet.id}`, ['a', 'b']],
      [`fixed_ips=subnet_id=${six.id}`, ['c']],
      [`fixed_ips=subnet_id=${six.id}&fixed_ips=ip_address=10.0.1.1`, []],
      ['fixed_ips=ip_address_substr=10.0.1.1', ['a', 'b']],
      ['fixed_ips=ip_address_substr=2.2', ['a']],
      ['fixed_ips=ip_address_substr=DB8', ['c']],
      ['fixed_ips=ip_address_substr=%25', []],
      ['tags=red', ['a', 'b']],
      ['tags=red,blue', ['a']],
      ['not-tags=red', ['c', 'd']],
      [`id=${ports[0]?.id}`, ['a']],
      ['project_id=nobody', []],
    ];
    for (const [query, expected] of cases) {
      assert.deepEqual(names(await list(service, query)), expected, query);
    }
  });

  it('answers whole ports, as create did, in pages and in order', async () => {
    const { service, ports } = await withPorts(databases);
    assert.deepEqual(await list(service, 'sort_key=name&sort_dir=asc'), ports);
    const page = await list(service, `sort_key=name&sort_dir=desc&limit=2&marker=${ports[3]?.id}`);
    assert.deepEqual(page, [ports[2], ports[1]]);
  });

  it('shows a project its own ports and those on its networks', async () => {
    const service = await createPortService(databases);
    const blue = member('blue');
    const own = await service.network({}, blue);
    const shared = await service.network({ shared: true });
    await service.port({ network_id: own.id, name: 'of admin on the network of blue' });
    await service.port({ network_id: shared.id, name: 'of blue' }, blue);
    await service.port({ network_id: shared.id, name: 'of red' }, member('red'));
    const visible = await list(service, '', scopeOf(blue));
    assert.deepEqual(names(visible), ['of admin on the network of blue', 'of blue']);
    assert.deepEqual(names(await list(service, '', scopeOf(member('red')))), ['of red']);
  });
};

const cost = (databases: TestDatabases): void => {
  it('asks a fixed number of queries for any page', async () => {
    const service = await createPortService(databases);
    const network = await service.network();
    await service.subnet({ network_id: network.id, cidr: '10.0.0.0/16' });
    const ports = await service.createPorts(Array.from({ length: 200 }, () => ({ network_id: network.id })));
    service.statements.length = 0;
    const read = await service.write(admin, async ({ tx }) =>
      portStore.assemble(
        tx,
        await listRows(tx, portStore, parseListQuery(portDefinition, []), 'everything'),
        undefined,
      ),
    );
    assert.equal(read.length, ports.length);
    assert.ok(service.statements.length <= 9, `${service.statements.length} queries`);
  });

  it('leaves out the work for attributes that nobody wants', async () => {
    const { service } = await withPorts(databases);
    service.statements.length = 0;
    await service.write(admin, async ({ tx }) => {
      const rows = await listRows(tx, portStore, parseListQuery(portDefinition, []), 'everything');
      return portStore.assemble(tx, rows, new Set(['id', 'name']));
    });
    assert.equal(service.statements.length, 1);
  });
};

forEachDialect('lists of ports', (databases) => {
  describe('listing ports', () => {
    listed(databases);
    cost(databases);
  });
});
