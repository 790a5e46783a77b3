import type { Reader } from '../../../../db/database.ts';
import type { NetworkState, SubnetState } from '../state.ts';
import { decodeRoutes, decodeTexts, grouped } from './decode.ts';
import { metadataQuery, networkQuery, segmentQuery, subnetQuery } from './queries.ts';

/** Loads networks with their segments, in two statements. */
export function networkLoader() {
  const networks = networkQuery();
  const segments = segmentQuery();

  return async (reader: Reader, ids: readonly string[]): Promise<ReadonlyMap<string, NetworkState>> => {
    const rows = await networks.rows(reader, ids);
    const segmentsOf = grouped(await segments.rows(reader, ids), 'network_id');
    const states = new Map<string, NetworkState>();
    for (const row of rows)
      states.set(row.id, {
        id: row.id,
        name: row.name,
        mtu: row.mtu,
        revision: row.revision_number,
        external: row.external === 1,
        vlanTransparent: row.vlan_transparent === 1,
        availabilityZoneHints: decodeTexts(row.availability_zone_hints),
        segments: (segmentsOf.get(row.id) ?? []).map((segment) => ({
          id: segment.id,
          networkType: segment.network_type,
          physicalNetwork: segment.physical_network ?? undefined,
          segmentationId: segment.segmentation_id ?? undefined,
        })),
      });
    return states;
  };
}

/** Loads subnets, in one statement, or two when the addresses of metadata ports are wanted. */
export function subnetLoader() {
  const subnets = subnetQuery();
  const metadata = metadataQuery();

  return async (
    reader: Reader,
    ids: readonly string[],
    withMetadata: boolean,
  ): Promise<ReadonlyMap<string, SubnetState>> => {
    const rows = await subnets.rows(reader, ids);
    const devices = withMetadata ? [...new Set(rows.map((row) => `ovnmeta-${row.network_id}`))] : [];
    const metadataOf = grouped(await metadata.rows(reader, devices), 'subnet_id');
    const states = new Map<string, SubnetState>();
    for (const row of rows)
      states.set(row.id, {
        id: row.id,
        networkId: row.network_id,
        networkMtu: row.mtu,
        revision: row.revision_number,
        ipVersion: row.ip_version,
        cidr: row.cidr,
        gatewayIp: row.gateway_ip ?? undefined,
        dhcp: row.enable_dhcp === 1,
        addressMode: row.ipv6_address_mode ?? undefined,
        nameservers: decodeTexts(row.dns_nameservers),
        hostRoutes: decodeRoutes(row.host_routes),
        metadataIp: metadataOf.get(row.id)?.[0]?.ip_address,
      });
    return states;
  };
}
