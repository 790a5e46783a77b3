import type { Network } from '@ovenbird/api';
import type { Reader } from '../../db/database.ts';
import { eachOf } from '../../db/query/each-of.ts';
import type { NetworksTable } from '../../db/tables.ts';
import type { Condition, ResourceStore } from '../../engine/contract.ts';
import type { RequestContext } from '../../identity/context.ts';
import type { NetworkSegment } from '../../ml2/contract.ts';
import type { Segments } from '../../ml2/segments.ts';
import { flag, plainColumns, standardColumns } from '../columns.ts';
import { networkPolicies } from '../qos/assignment.ts';
import { grantedTo, sharedAmong, sharedFilter, targetsFor } from '../sharing.ts';
import { listsBy, tagsOf } from '../tags.ts';

/** What a network has in other tables than `networks`. */
export interface NetworkParts {
  /** In order; a network of several segments shows them as `segments`. */
  readonly segments: readonly NetworkSegment[];
  readonly shared: boolean;
  readonly subnets: readonly SubnetOfNetwork[];
  /** Address scopes of its subnets by IP version. */
  readonly scopes?: NetworkScopes | undefined;
  readonly qosPolicy: string | null;
  readonly tags: readonly string[];
}

/** Address scope of a network's subnets by IP version. */
interface NetworkScopes {
  readonly 4?: string | null;
  readonly 6?: string | null;
}

type ShownSegments = Pick<
  Network,
  'provider:network_type' | 'provider:physical_network' | 'provider:segmentation_id' | 'segments'
>;

const shown = (segments: readonly NetworkSegment[]): ShownSegments => {
  const each = segments.map((segment) => ({
    'provider:network_type': segment.networkType,
    'provider:physical_network': segment.physicalNetwork,
    'provider:segmentation_id': segment.segmentationId,
  }));
  const [first] = each;
  if (each.length > 1) {
    return {
      'provider:network_type': undefined,
      'provider:physical_network': undefined,
      'provider:segmentation_id': undefined,
      segments: each,
    };
  }
  return {
    'provider:network_type': first?.['provider:network_type'] ?? null,
    'provider:physical_network': first?.['provider:physical_network'] ?? null,
    'provider:segmentation_id': first?.['provider:segmentation_id'] ?? null,
    segments: undefined,
  };
};

// The column holds JSON that this program wrote from a list of texts.
const hintsIn = (json: string): readonly string[] => JSON.parse(json) as readonly string[];

/** A row and its parts → the resource. */
export const networkOf = (row: NetworksTable, parts: NetworkParts): Network => ({
  id: row.id,
  name: row.name,
  project_id: row.project_id,
  admin_state_up: row.admin_state_up === 1,
  status: row.status,
  subnets: parts.subnets.map((subnet) => subnet.id),
  // Subnets of segments lie behind routers of each other.
  l2_adjacency: parts.subnets.every((subnet) => subnet.segment_id === null),
  shared: parts.shared,
  'router:external': row.external === 1,
  is_default: row.is_default === 1,
  ...shown(parts.segments),
  ipv4_address_scope: parts.scopes?.[4] ?? null,
  ipv6_address_scope: parts.scopes?.[6] ?? null,
  mtu: row.mtu,
  vlan_transparent: row.vlan_transparent === null ? null : row.vlan_transparent === 1,
  port_security_enabled: row.port_security_enabled === 1,
  availability_zone_hints: hintsIn(row.availability_zone_hints),
  availability_zones: [],
  qos_policy_id: parts.qosPolicy,
  dns_domain: row.dns_domain,
  description: row.description,
  created_at: row.created_at,
  updated_at: row.updated_at,
  revision_number: row.revision_number,
  tags: parts.tags,
});

/** A subnet as its network knows it. */
interface SubnetOfNetwork {
  readonly id: string;
  readonly segment_id: string | null;
}

const subnetsOf = async (
  reader: Reader,
  ids: readonly string[],
): Promise<ReadonlyMap<string, readonly SubnetOfNetwork[]>> => {
  const rows = await reader.query
    .selectFrom('subnets')
    .select(['id', 'network_id', 'segment_id'])
    .where('network_id', 'in', eachOf(ids))
    .orderBy('id')
    .execute();
  return listsBy(rows, (row) => [row.network_id, row]);
};

const scopesOf = async (
  reader: Reader,
  ids: readonly string[],
): Promise<ReadonlyMap<string, NetworkScopes>> => {
  const rows = await reader.query
    .selectFrom('subnets')
    .innerJoin('subnetpools', 'subnetpools.id', 'subnets.subnetpool_id')
    .select(['subnets.network_id', 'subnetpools.ip_version', 'subnetpools.address_scope_id'])
    .distinct()
    .where('subnets.network_id', 'in', eachOf(ids))
    .where('subnetpools.address_scope_id', 'is not', null)
    .execute();
  const scopes = new Map<string, NetworkScopes>();
  for (const { network_id, ip_version, address_scope_id } of rows)
    scopes.set(network_id, { ...scopes.get(network_id), [ip_version]: address_scope_id });
  return scopes;
};

const PROVIDER = [
  'provider:network_type',
  'provider:physical_network',
  'provider:segmentation_id',
  'segments',
] as const;

/** Rows of `networks` → resources, in order. At most six queries, whatever the number of rows. */
export const assembleNetworks = async (
  segments: Pick<Segments, 'byNetwork'>,
  reader: Reader,
  rows: readonly NetworksTable[],
  wanted?: ReadonlySet<string>,
  viewer?: RequestContext,
): Promise<readonly Network[]> => {
  if (rows.length === 0) return [];
  const wants = (...names: readonly string[]) =>
    wanted === undefined || names.some((name) => wanted.has(name));
  const ids = rows.map((row) => row.id);
  const byNetwork = wants(...PROVIDER) ? await segments.byNetwork(reader, ids) : undefined;
  const shared = wants('shared') ? await sharedAmong(reader, 'network', ids, viewer?.projectId) : undefined;
  const subnets = wants('subnets', 'l2_adjacency') ? await subnetsOf(reader, ids) : undefined;
  const policies = wants('qos_policy_id') ? await networkPolicies(reader, ids) : undefined;
  const scopes = wants('ipv4_address_scope', 'ipv6_address_scope') ? await scopesOf(reader, ids) : undefined;
  const tags = wants('tags') ? await tagsOf(reader, ids) : undefined;
  return rows.map((row) =>
    networkOf(row, {
      segments: byNetwork?.get(row.id) ?? [],
      shared: shared?.has(row.id) ?? false,
      subnets: subnets?.get(row.id) ?? [],
      scopes: scopes?.get(row.id),
      qosPolicy: policies?.get(row.id) ?? null,
      tags: tags?.get(row.id) ?? [],
    }),
  );
};

/** Networks anew, by id; ids without a network are left out. */
export const loadNetworks = async (
  segments: Pick<Segments, 'byNetwork'>,
  reader: Reader,
  ids: readonly string[],
): Promise<readonly Network[]> => {
  const rows = await reader.query.selectFrom('networks').selectAll().where('id', 'in', eachOf(ids)).execute();
  return assembleNetworks(segments, reader, rows);
};

type SegmentColumn = 'network_type' | 'physical_network' | 'segmentation_id';

/** Some segment of the network has one of the values; null: some segment has none. */
const segmentFilter =
  (column: SegmentColumn) =>
  (values: readonly unknown[]): Condition =>
  (eb) => {
    const texts = values.filter((value) => typeof value === 'string');
    const numbers = values.filter((value) => typeof value === 'number');
    const path = `network_segments.${column}` as const;
    const matches = [
      ...(texts.length > 0 ? [eb(path, 'in', eachOf(texts))] : []),
      ...(numbers.length > 0 ? [eb(path, 'in', eachOf(numbers))] : []),
      ...(values.includes(null) ? [eb(path, 'is', null)] : []),
    ];
    return eb.exists(
      eb
        .selectFrom('network_segments')
        .select('network_segments.id')
        .whereRef('network_segments.network_id', '=', 'networks.id')
        .where('network_segments.is_dynamic', '=', 0)
        .where(eb.or(matches)),
    );
  };

export const createNetworkStore = (segments: Pick<Segments, 'byNetwork'>): ResourceStore<Network> => ({
  table: 'networks',
  columns: {
    ...standardColumns,
    ...plainColumns(['name', 'status', 'mtu', 'availability_zone_hints']),
    admin_state_up: flag('admin_state_up'),
    'router:external': flag('external'),
    is_default: flag('is_default'),
    vlan_transparent: flag('vlan_transparent'),
  },
  filters: {
    shared: sharedFilter('network', 'networks'),
    'provider:network_type': segmentFilter('network_type'),
    'provider:physical_network': segmentFilter('physical_network'),
    'provider:segmentation_id': segmentFilter('segmentation_id'),
  },
  visibleTo: (context) =>
    grantedTo('network', 'networks', targetsFor(context.projectId), [
      'access_as_shared',
      'access_as_external',
    ]),
  // The rows were read from `networks`, all columns.
  assemble: (reader, rows, wanted, viewer) =>
    assembleNetworks(
      segments,
      reader,
      rows as readonly unknown[] as readonly NetworksTable[],
      wanted,
      viewer,
    ),
});
