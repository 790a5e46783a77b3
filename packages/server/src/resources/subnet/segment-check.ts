import {
  NetworkIdsDontMatch,
  NoUpdateSubnetWhenMultipleSegmentsOnNetwork,
  SegmentNotFound,
  type Subnet,
  SubnetSegmentAssociationChangeNotAllowed,
  SubnetsNotAllAssociatedWithSegments,
} from '@ovenbird/api';
import type { Reader } from '../../db/database.ts';
import { eachOf } from '../../db/query/each-of.ts';

/** Subnets that gateways of routed networks have for themselves are of no segment. */
export const ROUTED = 'network:routed';

/** What says where a subnet belongs. */
interface Placed {
  readonly network_id: string;
  readonly segment_id: string | null;
  /** JSON text, as stored. */
  readonly service_types: string;
}

const isRouted = ({ service_types: types }: Placed): boolean =>
  (JSON.parse(types) as readonly string[]).includes(ROUTED);

/** Throws ApiError SegmentNotFound, NetworkIdsDontMatch. */
const requireOwnSegments = async (
  { query }: Reader,
  subnets: readonly Pick<Placed, 'network_id' | 'segment_id'>[],
): Promise<void> => {
  const ids = subnets.flatMap((subnet) => subnet.segment_id ?? []);
  if (ids.length === 0) return;
  const rows = await query
    .selectFrom('network_segments')
    .select(['id', 'network_id'])
    .where('id', 'in', eachOf(ids))
    .where('is_dynamic', '=', 0)
    .execute();
  const networks = new Map(rows.map((row) => [row.id, row.network_id]));
  for (const { segment_id: id, network_id: networkId } of subnets) {
    if (id === null) continue;
    const owner = networks.get(id);
    if (owner === undefined) throw SegmentNotFound({ id });
    if (owner !== networkId) throw NetworkIdsDontMatch({ networkId, segmentId: id });
  }
};

const subnetsOn = ({ query }: Reader, networkIds: readonly string[]) =>
  query
    .selectFrom('subnets')
    .select(['id', 'network_id', 'segment_id', 'service_types'])
    .where('network_id', 'in', eachOf(networkIds))
    .execute();

/**
 * New subnets belong to segments of their networks, and with those that are there either all do or none does.
 *
 * @throws ApiError SegmentNotFound, NetworkIdsDontMatch, SubnetsNotAllAssociatedWithSegments
 */
export const checkNewSegments = async (reader: Reader, subnets: readonly Placed[]): Promise<void> => {
  await requireOwnSegments(reader, subnets);
  const networkIds = [...new Set(subnets.map((subnet) => subnet.network_id))];
  const all = [...(await subnetsOn(reader, networkIds)), ...subnets].filter((subnet) => !isRouted(subnet));
  for (const [networkId, siblings] of Map.groupBy(all, (subnet) => subnet.network_id)) {
    const bound = siblings.filter((subnet) => subnet.segment_id !== null);
    if (bound.length > 0 && bound.length < siblings.length)
      throw SubnetsNotAllAssociatedWithSegments({ networkId });
  }
};

/**
 * A subnet goes to a segment where it is the only one and the network has no other segment; it never leaves it.
 *
 * @throws ApiError SegmentNotFound, NetworkIdsDontMatch, SubnetsNotAllAssociatedWithSegments,
 *   SubnetSegmentAssociationChangeNotAllowed, NoUpdateSubnetWhenMultipleSegmentsOnNetwork
 */
export const checkMovedSegment = async (
  reader: Reader,
  current: Subnet,
  segmentId: string | null,
): Promise<void> => {
  if (segmentId === current.segment_id) return;
  const networkId = current.network_id;
  await requireOwnSegments(reader, [{ network_id: networkId, segment_id: segmentId }]);
  const siblings = (await subnetsOn(reader, [networkId])).filter((subnet) => !isRouted(subnet));
  if (siblings.some((subnet) => subnet.id !== current.id))
    throw SubnetsNotAllAssociatedWithSegments({ networkId });
  if (current.segment_id !== null) throw SubnetSegmentAssociationChangeNotAllowed();
  const segments = await reader.query
    .selectFrom('network_segments')
    .select('id')
    .where('network_id', '=', networkId)
    .limit(2)
    .execute();
  if (segments.length > 1) throw NoUpdateSubnetWhenMultipleSegmentsOnNetwork({ networkId });
};
