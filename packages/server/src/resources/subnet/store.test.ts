import assert from 'node:assert/strict';
import { it } from 'node:test';
import { parseListQuery, type Subnet, subnet as subnetDefinition } from '@ovenbird/api';
import { listRows } from '../../db/query/rows.ts';
import type { RowScope } from '../../db/query/source.ts';
import { forEachDialect } from '../../testing/databases.ts';
import { createPortService, member, type PortService } from '../../testing/port-service.ts';
import { subnetStore } from './store.ts';

const list = (
  service: PortService,
  text: string,
  scope: RowScope = 'everything',
): Promise<readonly Subnet[]> => {
  const query = parseListQuery(subnetDefinition, new URLSearchParams(text));
  return service.database.read(async (reader) =>
    subnetStore.assemble(reader, await listRows(reader, subnetStore, query, scope), undefined),
  );
};

const names = (subnets: readonly Subnet[]) => subnets.map((subnet) => subnet.name).sort();

forEachDialect('listing subnets', (databases) => {
  const prepared = async () => {
    const service = await createPortService(databases);
    const closed = await service.network();
    const shared = await service.network({ shared: true });
    const external = await service.network({ 'router:external': true });
    const modes = { ipv6_ra_mode: 'slaac', ipv6_address_mode: 'slaac' };
    await service.subnet({ network_id: closed.id, name: 'a', cidr: '10.0.0.0/24' });
    await service.subnet({ network_id: shared.id, name: 'b', cidr: '10.0.1.0/24', gateway_ip: null });
    await service.subnet({ network_id: external.id, name: 'c', cidr: '2001:db8::/64', ...modes });
    return { service, closed };
  };

  it('filters on everything that a subnet has', async () => {
    const { service, closed } = await prepared();
    const cases: readonly (readonly [string, readonly string[]])[] = [
      ['', ['a', 'b', 'c']],
      [`network_id=${closed.id}`, ['a']],
      ['cidr=10.0.0.0/24', ['a']],
      ['ip_version=6', ['c']],
      ['ip_version=4&ip_version=6', ['a', 'b', 'c']],
      ['gateway_ip=10.0.0.1', ['a']],
      ['gateway_ip=', ['b']],
      ['ipv6_ra_mode=slaac', ['c']],
      ['enable_dhcp=true', ['a', 'b', 'c']],
      ['shared=true', ['b']],
      ['shared=false', ['a', 'c']],
      ['shared=true&shared=false', ['a', 'b', 'c']],
      ['router:external=True', ['c']],
      ['router:external=False', ['a', 'b']],
    ];
    for (const [query, expected] of cases) {
      assert.deepEqual(names(await list(service, query)), expected, query);
    }
  });

  it('shows what the network of a subnet is', async () => {
    const { service } = await prepared();
    const shown = (await list(service, 'sort_key=name&sort_dir=asc')).map((subnet) => [
      subnet.name,
      subnet.shared,
      subnet['router:external'],
    ]);
    assert.deepEqual(shown, [
      ['a', false, false],
      ['b', true, false],
      ['c', false, true],
    ]);
  });

  it('shows a project its own subnets, those of its networks and of shared ones, but not of external ones', async () => {
    const { service } = await prepared();
    const blue = member('blue');
    const own = await service.network({}, blue);
    await service.subnet({ network_id: own.id, name: 'd', cidr: '10.0.2.0/24' }, blue);
    await service.subnet({ network_id: own.id, name: 'e', cidr: '10.0.3.0/24' });
    const scope = { projectId: 'blue', visible: subnetStore.visibleTo?.(blue.context) };
    assert.deepEqual(names(await list(service, '', scope)), ['b', 'd', 'e']);
  });
});
