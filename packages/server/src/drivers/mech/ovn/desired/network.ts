import { localnetName, switchName } from '../ids.ts';
import type { OvnSettings } from '../settings.ts';
import type { NetworkState, SegmentState } from '../state.ts';
import { type Desired, type DesiredRow, desiredRow, stringMap } from './row.ts';

/** What the API shows as provider attributes: the only segment, if there is just one. */
const shownSegment = (network: NetworkState): SegmentState | undefined =>
  network.segments.length === 1 ? network.segments[0] : undefined;

function switchRow(network: NetworkState, settings: OvnSettings): DesiredRow {
  const segment = shownSegment(network);
  return desiredRow('Logical_Switch', network.id, {
    name: switchName(network.id),
    external_ids: stringMap({
      'neutron:network_name': network.name,
      'neutron:mtu': String(network.mtu),
      'neutron:revision_number': String(network.revision),
      'neutron:availability_zone_hints': network.availabilityZoneHints.join(','),
      'neutron:provnet-network-type': segment?.networkType ?? '',
      'neutron:provnet-physical-network': segment?.physicalNetwork,
    }),
    other_config: stringMap({
      mcast_snoop: String(settings.igmpSnooping),
      mcast_flood_unregistered: String(settings.igmpFloodUnregistered),
      'vlan-passthru': String(network.vlanTransparent),
      fdb_age_threshold:
        segment?.physicalNetwork === undefined ? undefined : String(settings.fdbAgeThreshold),
      'broadcast-arps-to-all-routers': network.external
        ? String(settings.broadcastArpsToAllRouters)
        : undefined,
    }),
  });
}

/** The port that joins a switch to a physical network. */
function localnetRow(segment: SegmentState, physicalNetwork: string, settings: OvnSettings): DesiredRow {
  return desiredRow('Logical_Switch_Port', segment.id, {
    name: localnetName(segment.id),
    type: 'localnet',
    enabled: undefined,
    parent_name: undefined,
    tag_request: segment.segmentationId,
    addresses: new Set(['unknown']),
    port_security: new Set(),
    dhcpv4_options: undefined,
    dhcpv6_options: undefined,
    ha_chassis_group: undefined,
    external_ids: stringMap({ 'neutron:provnet-physical-network': physicalNetwork }),
    options: stringMap({
      network_name: physicalNetwork,
      mcast_flood_reports: String(settings.igmpFloodReports),
      mcast_flood: String(settings.igmpFlood),
      localnet_learn_fdb: String(settings.localnetLearnFdb),
    }),
  });
}

/** Network → Logical_Switch and one localnet port for each segment on a physical network. */
export function desiredNetwork(network: NetworkState, settings: OvnSettings): Desired {
  const localnets = network.segments.flatMap((segment) =>
    segment.physicalNetwork === undefined ? [] : [localnetRow(segment, segment.physicalNetwork, settings)],
  );
  return {
    rows: [switchRow(network, settings), ...localnets],
    members: localnets.map((row) => ({
      column: 'Logical_Switch.ports' as const,
      parent: network.id,
      element: row.uuid ?? '',
    })),
  };
}
