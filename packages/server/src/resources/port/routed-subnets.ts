import {
  contains,
  type FixedIpRequest,
  FixedIpsSubnetsNotOnSameSegment,
  HostNotCompatibleWithFixedIps,
  HostNotConnectedToAnySegment,
  type Port,
  parseIp,
} from '@ovenbird/api';
import type { Reader } from '../../db/database.ts';
import { eachOf } from '../../db/query/each-of.ts';
import type { IpamSubnet } from '../../ipam/ipam-subnet.ts';
import { subnetsByNetwork } from './network-subnets.ts';

/** Where a port is, or is to be, as far as its addresses depend on it. */
export interface PortPlace {
  readonly networkId: string;
  /** Empty: not known yet. */
  readonly host: string;
  readonly deviceOwner: string;
  readonly fixedIps: readonly FixedIpRequest[] | undefined;
}

/** Subnets that a port may have addresses of now; none, if that depends on a host that is not known yet. */
export interface Reach {
  readonly subnets: readonly IpamSubnet[];
  readonly deferred: boolean;
}

/** The metadata port of a network answers on every segment. */
const DISTRIBUTED = 'network:distributed';

/** Whether hosts on different segments of the network have addresses of different subnets. */
export const isRouted = (subnets: readonly IpamSubnet[]): boolean =>
  subnets.some((subnet) => subnet.segmentId !== null);

/** Segments of networks that the hosts are connected to, by network. One query. */
export const segmentsOfHosts = async (
  { query }: Reader,
  networkIds: readonly string[],
): Promise<(networkId: string, host: string) => ReadonlySet<string>> => {
  const rows = await query
    .selectFrom('network_segments as segment')
    .innerJoin('host_physical_networks as wire', 'wire.physical_network', 'segment.physical_network')
    .select(['segment.id', 'segment.network_id', 'wire.host'])
    .where('segment.network_id', 'in', eachOf(networkIds))
    .execute();
  const places = Map.groupBy(rows, (row) => `${row.network_id} ${row.host}`);
  return (networkId, host) => new Set(places.get(`${networkId} ${host}`)?.map((row) => row.id));
};

const subnetOf = (entry: FixedIpRequest, subnets: readonly IpamSubnet[]): IpamSubnet | undefined => {
  if (entry.subnet_id !== undefined) return subnets.find((subnet) => subnet.id === entry.subnet_id);
  const ip = entry.ip_address === undefined ? undefined : parseIp(entry.ip_address);
  return ip === undefined ? undefined : subnets.find((subnet) => contains(subnet.cidr, ip));
};

/** Addresses that were asked for decide the segment. What they name wrongly is for address planning to refuse. */
const onSegmentOf = (entries: readonly FixedIpRequest[], subnets: readonly IpamSubnet[]) => {
  const named = entries.map((entry) => subnetOf(entry, subnets));
  if (named.some((subnet) => subnet === undefined)) return subnets;
  const segments = new Set(named.map((subnet) => subnet?.segmentId));
  if (segments.size > 1) throw FixedIpsSubnetsNotOnSameSegment();
  return subnets.filter((subnet) => segments.has(subnet.segmentId));
};

const reachOf = (place: PortPlace, subnets: readonly IpamSubnet[], segments: ReadonlySet<string>): Reach => {
  const { networkId, host, deviceOwner, fixedIps } = place;
  if (deviceOwner === DISTRIBUTED) return { subnets, deferred: false };
  if (host === '') {
    if (fixedIps !== undefined && fixedIps.length > 0)
      return { subnets: onSegmentOf(fixedIps, subnets), deferred: false };
    const everywhere = subnets.filter((subnet) => subnet.segmentId === null);
    return { subnets: everywhere, deferred: fixedIps === undefined && everywhere.length === 0 };
  }
  const reached = subnets.filter(({ segmentId }) => segmentId === null || segments.has(segmentId));
  if (reached.length === 0 && fixedIps?.length !== 0) throw HostNotConnectedToAnySegment({ host, networkId });
  return { subnets: reached, deferred: false };
};

/**
 * Of all subnets of their networks those that ports may have addresses of, in the order of `places`. A network whose
 * subnets belong to no segment gives all of them, without a query; the others take one together.
 *
 * @throws ApiError FixedIpsSubnetsNotOnSameSegment, HostNotConnectedToAnySegment
 */
export const reachableSubnets = async (
  reader: Reader,
  byNetwork: ReadonlyMap<string, readonly IpamSubnet[]>,
  places: readonly PortPlace[],
): Promise<readonly Reach[]> => {
  const routed = [...byNetwork].filter(([, subnets]) => isRouted(subnets)).map(([id]) => id);
  const segments = routed.length === 0 ? undefined : await segmentsOfHosts(reader, routed);
  return places.map((place) => {
    const subnets = byNetwork.get(place.networkId) ?? [];
    if (segments === undefined || !isRouted(subnets)) return { subnets, deferred: false };
    return reachOf(place, subnets, segments(place.networkId, place.host));
  });
};

/**
 * A port is to be bound to a host, now or later: there its addresses must mean something.
 *
 * @throws ApiError HostNotCompatibleWithFixedIps
 */
export const checkHostReaches = async (reader: Reader, port: Port, host: string): Promise<void> => {
  if (host === '' || port.fixed_ips.length === 0 || port.device_owner === DISTRIBUTED) return;
  const networkId = port.network_id;
  const subnets = (await subnetsByNetwork(reader, [networkId])).get(networkId) ?? [];
  if (!isRouted(subnets)) return;
  const segments = (await segmentsOfHosts(reader, [networkId]))(networkId, host);
  const own = new Set(port.fixed_ips.map((ip) => ip.subnet_id));
  const reached = ({ segmentId }: IpamSubnet) => segmentId === null || segments.has(segmentId);
  if (subnets.some((subnet) => own.has(subnet.id) && !reached(subnet)))
    throw HostNotCompatibleWithFixedIps({ host, portId: port.id });
};
