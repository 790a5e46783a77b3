import type { Reader } from '../../../../db/database.ts';
import type { NamedPortState, NamesState } from '../state.ts';
import { ByIds } from './by-ids.ts';

/** Addresses of ports that have a name and a device, in one order whatever their history. */
const namesQuery = () =>
  new ByIds((query, ids) =>
    query
      .selectFrom('ports')
      .innerJoin('networks', 'networks.id', 'ports.network_id')
      .innerJoin('ip_allocations', 'ip_allocations.port_id', 'ports.id')
      .select([
        'ports.id',
        'ports.network_id',
        'ports.project_id',
        'ports.dns_name',
        'ports.dns_domain',
        'networks.dns_domain as network_domain',
        'ip_allocations.ip_address',
      ])
      .where('ports.network_id', 'in', ids)
      .where('ports.dns_name', '!=', '')
      .where('ports.device_id', '!=', '')
      .orderBy('ports.id')
      .orderBy('ip_allocations.position'),
  );

/** Loads the named ports of networks, in one statement. */
export function namesLoader() {
  const names = namesQuery();

  return async (reader: Reader, ids: readonly string[]): Promise<ReadonlyMap<string, NamesState>> => {
    const states = new Map<string, { networkId: string; domain: string; ports: NamedPortState[] }>();
    const ports = new Map<string, { addresses: string[] }>();
    for (const row of await names.rows(reader, ids)) {
      const { network_id: networkId, network_domain: domain } = row;
      const state = states.get(networkId) ?? { networkId, domain, ports: [] };
      states.set(networkId, state);
      const known = ports.get(row.id);
      if (known !== undefined) {
        known.addresses.push(row.ip_address);
        continue;
      }
      const addresses = [row.ip_address];
      ports.set(row.id, { addresses });
      state.ports.push({
        projectId: row.project_id,
        name: row.dns_name,
        domain: row.dns_domain,
        addresses,
      });
    }
    return states;
  };
}

/** Networks that have named ports. */
export const namedNetworks = async (reader: Reader): Promise<readonly string[]> => {
  const rows = await reader.query
    .selectFrom('ports')
    .select('network_id')
    .distinct()
    .where('dns_name', '!=', '')
    .execute();
  return rows.map((row) => row.network_id);
};
