import {
  type IpAvailabilityDetails,
  type ListQuery,
  type NetworkIpAvailability,
  networkIpAvailability,
  type SubnetIpAvailability,
} from '@ovenbird/api';
import type { Database, Reader } from '../../db/database.ts';
import { eachOf } from '../../db/query/each-of.ts';
import type { ComputedBehaviour } from '../../engine/contract.ts';
import { listsBy } from '../tags.ts';
import { type AddressCounts, countAddresses, shownCount, totalOf } from './count-addresses.ts';

/** What to count; undefined: all. */
interface Wanted {
  readonly networks: readonly string[] | undefined;
  readonly versions: readonly unknown[] | undefined;
}

interface Counted {
  readonly shown: SubnetIpAvailability;
  readonly counts: AddressCounts;
  readonly total: bigint;
}

const networksOf = (reader: Reader, { networks }: Wanted) => {
  const all = reader.query.selectFrom('networks').select(['id', 'name', 'project_id']);
  return (networks === undefined ? all : all.where('id', 'in', eachOf(networks))).orderBy('id').execute();
};

const subnetsOf = (reader: Reader, { networks }: Wanted) => {
  const all = reader.query
    .selectFrom('subnets')
    .select(['id', 'network_id', 'name', 'ip_version', 'cidr', 'allocation_pools']);
  const some = networks === undefined ? all : all.where('network_id', 'in', eachOf(networks));
  return some.orderBy('id').execute();
};

const takenBySubnet = async (reader: Reader, { networks }: Wanted) => {
  const all = reader.query.selectFrom('ip_allocations').select(['subnet_id', 'ip_sort']);
  const some = networks === undefined ? all : all.where('network_id', 'in', eachOf(networks));
  return listsBy(await some.execute(), (row) => [row.subnet_id, BigInt(`0x${row.ip_sort}`)]);
};

const detailsOf = (counts: readonly AddressCounts[]): IpAvailabilityDetails => {
  const sum = (of: (each: AddressCounts) => bigint) =>
    shownCount(counts.reduce((so, each) => so + of(each), 0n));
  const used = (of: (each: AddressCounts) => number) => counts.reduce((so, each) => so + of(each), 0);
  return {
    total_ips_in_subnet: sum((each) => each.inSubnet),
    total_ips_in_allocation_pool: sum((each) => each.inPools),
    used_ips_in_subnet: used((each) => each.used),
    used_ips_in_allocation_pool: used((each) => each.usedInPools),
  };
};

const countedSubnet = (
  row: Awaited<ReturnType<typeof subnetsOf>>[number],
  taken: readonly bigint[],
): Counted => {
  // The column holds JSON that the subnet's own code wrote.
  const subnet = { ip_version: row.ip_version, cidr: row.cidr, pools: JSON.parse(row.allocation_pools) };
  const counts = countAddresses(subnet, taken);
  const total = totalOf(subnet, counts);
  return {
    counts,
    total,
    shown: {
      subnet_id: row.id,
      subnet_name: row.name,
      ip_version: row.ip_version,
      cidr: row.cidr,
      total_ips: shownCount(total),
      used_ips: counts.used,
      ip_availability_details: detailsOf([counts]),
    },
  };
};

/** Three queries, whatever the number of networks. */
const count = async (reader: Reader, wanted: Wanted): Promise<readonly NetworkIpAvailability[]> => {
  const networks = await networksOf(reader, wanted);
  const rows = await subnetsOf(reader, wanted);
  const taken = await takenBySubnet(reader, wanted);
  const counted = rows
    .filter((row) => wanted.versions?.includes(row.ip_version) ?? true)
    .map((row) => ({ network: row.network_id, ...countedSubnet(row, taken.get(row.id) ?? []) }));
  const byNetwork = Map.groupBy(counted, (subnet) => subnet.network);
  return networks.map((network) => {
    const subnets = byNetwork.get(network.id) ?? [];
    return {
      network_id: network.id,
      network_name: network.name,
      project_id: network.project_id,
      total_ips: shownCount(subnets.reduce((sum, subnet) => sum + subnet.total, 0n)),
      used_ips: subnets.reduce((sum, subnet) => sum + subnet.counts.used, 0),
      subnet_ip_availability: subnets.map((subnet) => subnet.shown),
      ip_version: [...new Set(subnets.map((subnet) => subnet.shown.ip_version))],
      ip_availability_details: detailsOf(subnets.map((subnet) => subnet.counts)),
    };
  });
};

const valuesOf = (query: ListQuery | undefined, attribute: string) => {
  const filter = query?.filters.find((one) => one.attribute === attribute);
  return filter === undefined || filter.kind === 'nested' ? undefined : filter.values;
};

/** Addresses of networks, counted when asked. */
export const createIpAvailabilityBehaviour = (
  database: Pick<Database, 'read'>,
): ComputedBehaviour<typeof networkIpAvailability> => ({
  kind: 'computed',
  definition: networkIpAvailability,
  all: (_caller, query) =>
    database.read((reader) =>
      count(reader, {
        networks: valuesOf(query, 'network_id')?.filter((id) => typeof id === 'string'),
        versions: valuesOf(query, 'ip_version'),
      }),
    ),
  async find(_caller, key) {
    const [found] = await database.read((reader) => count(reader, { networks: [key], versions: undefined }));
    return found;
  },
});
