import type { AllocationPool, HostRoute, Subnet } from '@ovenbird/api';
import type { Reader } from '../../db/database.ts';
import { eachOf } from '../../db/query/each-of.ts';
import { EXTERNAL } from '../../db/query/literals.ts';
import type { SubnetsTable } from '../../db/tables.ts';
import type { Condition, ResourceStore } from '../../engine/contract.ts';
import type { RequestContext } from '../../identity/context.ts';
import { storedCidr } from '../../ipam/ipam-subnet.ts';
import { flag, plainColumns, standardColumns } from '../columns.ts';
import { targetsFor } from '../sharing.ts';
import { tagsOf } from '../tags.ts';

/** What a subnet shows of its network. */
export interface NetworkTraits {
  readonly shared: boolean;
  readonly external: boolean;
}

// These columns hold JSON that this program wrote from values of exactly these types.
const poolsIn = (json: string): readonly AllocationPool[] => JSON.parse(json) as readonly AllocationPool[];
const routesIn = (json: string): readonly HostRoute[] => JSON.parse(json) as readonly HostRoute[];
const textsIn = (json: string): readonly string[] => JSON.parse(json) as readonly string[];

/** A row and what other tables say → the resource. */
export const subnetOf = (row: SubnetsTable, network: NetworkTraits, tags: readonly string[]): Subnet => ({
  id: row.id,
  name: row.name,
  project_id: row.project_id,
  network_id: row.network_id,
  ip_version: row.ip_version,
  subnetpool_id: row.subnetpool_id,
  prefixlen: storedCidr(row.cidr).prefix,
  cidr: row.cidr,
  gateway_ip: row.gateway_ip,
  allocation_pools: poolsIn(row.allocation_pools),
  dns_nameservers: textsIn(row.dns_nameservers),
  host_routes: routesIn(row.host_routes),
  enable_dhcp: row.enable_dhcp === 1,
  service_types: textsIn(row.service_types),
  segment_id: row.segment_id,
  dns_publish_fixed_ip: row.dns_publish_fixed_ip === 1,
  use_default_subnetpool: false,
  // Only values of the API's own list are written.
  ipv6_ra_mode: row.ipv6_ra_mode as Subnet['ipv6_ra_mode'],
  ipv6_address_mode: row.ipv6_address_mode as Subnet['ipv6_address_mode'],
  shared: network.shared,
  'router:external': network.external,
  description: row.description,
  created_at: row.created_at,
  updated_at: row.updated_at,
  revision_number: row.revision_number,
  tags,
});

/** Ids of the networks among these that every project, or the viewer's, may use. One query. */
const sharedNetworks = async (
  reader: Reader,
  ids: readonly string[],
  viewer: RequestContext | undefined,
): Promise<ReadonlySet<string>> => {
  const rows = await reader.query
    .selectFrom('rbac_entries')
    .select('object_id')
    .where('object_type', '=', 'network')
    .where('object_id', 'in', eachOf(ids))
    .where('action', '=', 'access_as_shared')
    .where('target_project', 'in', eachOf(targetsFor(viewer?.projectId)))
    .execute();
  return new Set(rows.map((row) => row.object_id));
};

/** What subnets show of these networks, by network id. Two queries. */
export const networkTraits = async (
  reader: Reader,
  ids: readonly string[],
  viewer?: RequestContext,
): Promise<ReadonlyMap<string, NetworkTraits>> => {
  const shared = await sharedNetworks(reader, ids, viewer);
  const rows = await reader.query
    .selectFrom('networks')
    .select(['id', 'external'])
    .where('id', 'in', eachOf(ids))
    .execute();
  return new Map(rows.map((row) => [row.id, { shared: shared.has(row.id), external: row.external === 1 }]));
};

const NO_TRAITS: NetworkTraits = { shared: false, external: false };

/** Rows of `subnets` → resources, in order. At most three queries. */
export const assembleSubnets = async (
  reader: Reader,
  rows: readonly SubnetsTable[],
  wanted: ReadonlySet<string> | undefined,
  viewer?: RequestContext,
): Promise<readonly Subnet[]> => {
  if (rows.length === 0) return [];
  const wants = (attribute: string) => wanted === undefined || wanted.has(attribute);
  const traits =
    wants('shared') || wants('router:external')
      ? await networkTraits(reader, [...new Set(rows.map((row) => row.network_id))], viewer)
      : new Map<string, NetworkTraits>();
  const ids = rows.map((row) => row.id);
  const tags = wants('tags') ? await tagsOf(reader, ids) : new Map<string, readonly string[]>();
  return rows.map((row) => subnetOf(row, traits.get(row.network_id) ?? NO_TRAITS, tags.get(row.id) ?? []));
};

/** The subnet's network is shared with one of these projects; `*` is everybody. */
const sharedWith =
  (targets: readonly string[]): Condition =>
  (eb) =>
    eb.exists(
      eb
        .selectFrom('rbac_entries')
        .select('rbac_entries.id')
        .where('rbac_entries.object_type', '=', 'network')
        .whereRef('rbac_entries.object_id', '=', 'subnets.network_id')
        .where('rbac_entries.action', '=', 'access_as_shared')
        .where('rbac_entries.target_project', 'in', eachOf(targets)),
    );

const inOwnNetwork =
  (projectId: string): Condition =>
  (eb) =>
    eb.exists(
      eb
        .selectFrom('networks')
        .select('networks.id')
        .whereRef('networks.id', '=', 'subnets.network_id')
        .where('networks.project_id', '=', projectId),
    );

const inExternalNetwork: Condition = (eb) =>
  eb.exists(
    eb
      .selectFrom('networks')
      .select('networks.id')
      .whereRef('networks.id', '=', 'subnets.network_id')
      .where('networks.external', '=', EXTERNAL),
  );

/** A filter on a truth value: both values match everything, none nothing. */
const whether =
  (condition: (viewerProject?: string) => Condition) =>
  (values: readonly unknown[], viewerProject?: string): Condition =>
  (eb) => {
    const wanted = [true, false].filter((value) => values.includes(value) || values.includes(value ? 1 : 0));
    if (wanted.length !== 1) return eb('subnets.id', wanted.length === 2 ? 'is not' : 'is', null);
    const holds = condition(viewerProject)(eb);
    return wanted[0] === true ? holds : eb.not(holds);
  };

export const subnetStore: ResourceStore<Subnet> = {
  table: 'subnets',
  columns: {
    ...standardColumns,
    ...plainColumns(['name', 'network_id', 'ip_version', 'subnetpool_id', 'cidr', 'gateway_ip']),
    ...plainColumns(['ipv6_ra_mode', 'ipv6_address_mode', 'segment_id']),
    enable_dhcp: flag('enable_dhcp'),
  },
  filters: {
    shared: whether((viewerProject) => sharedWith(targetsFor(viewerProject))),
    'router:external': whether(() => inExternalNetwork),
  },
  // Everybody sees external networks, but not their subnets, as clients expect.
  visibleTo: (context) => (eb) =>
    eb.or([inOwnNetwork(context.projectId)(eb), sharedWith(targetsFor(context.projectId))(eb)]),
  // The rows were read from `subnets`, all columns.
  assemble: (reader, rows, wanted, viewer) =>
    assembleSubnets(reader, rows as readonly unknown[] as readonly SubnetsTable[], wanted, viewer),
};

/** The subnets of a network. */
export const subnetsOfNetwork = async (reader: Reader, networkId: string): Promise<readonly Subnet[]> => {
  const rows = await reader.query
    .selectFrom('subnets')
    .selectAll()
    .where('network_id', '=', networkId)
    .orderBy('id')
    .execute();
  return assembleSubnets(reader, rows, undefined);
};
