import type { BindingRequest, BindingResult, NetworkSegment } from '../../../ml2/contract.ts';
import { bypassesSwitch } from './bypassing.ts';
import type { ChassisRegistry, ChassisView } from './chassis.ts';

const SUPPORTED_VNIC_TYPES = new Set([
  'normal',
  'direct',
  'direct-physical',
  'macvtap',
  'vdpa',
  'remote-managed',
  'baremetal',
  'virtio-forwarder',
]);
/** Length of a vhost-user socket's name. */
const SOCKET_NAME_LENGTH = 14;

/** Network types that the driver can carry. */
export const supportedNetworkTypes: ReadonlySet<string> = new Set([
  'local',
  'flat',
  'vlan',
  'vxlan',
  'geneve',
]);

const reaches = (chassis: ChassisView, segment: NetworkSegment): boolean =>
  supportedNetworkTypes.has(segment.networkType) &&
  (segment.physicalNetwork === null || chassis.bridgeMappings.has(segment.physicalNetwork));

interface Vif {
  readonly type: string;
  readonly details: { readonly [key: string]: unknown };
}

function vifOf(request: BindingRequest, chassis: ChassisView, vhostSockDir: string): Vif {
  const common = {
    connectivity: 'l2',
    bridge_name: chassis.integrationBridge,
    datapath_type: chassis.datapathType,
  };
  const socket = `${vhostSockDir}/${`vhu${request.port.id}`.slice(0, SOCKET_NAME_LENGTH)}`;
  if (request.vnicType === 'virtio-forwarder') {
    const details = { port_filter: false, vhostuser_mode: 'client', vhostuser_ovs_plug: true };
    return { type: 'agilio_ovs', details: { ...common, ...details, vhostuser_socket: socket } };
  }
  if (chassis.datapathType === 'netdev' && chassis.ifaceTypes.includes('dpdkvhostuser')) {
    const details = { port_filter: false, vhostuser_mode: 'server', vhostuser_ovs_plug: true };
    return { type: 'vhostuser', details: { ...common, ...details, vhostuser_socket: socket } };
  }
  return { type: 'ovs', details: { ...common, port_filter: true, ovs_create_tap: true } };
}

/**
 * Where and how a port attaches to a host's integration bridge; undefined when this driver cannot attach it there: vnic
 * types that need no virtual switch, hosts without a live controller, physical networks that the host does not map.
 */
export function bindPort(
  request: BindingRequest,
  registry: ChassisRegistry,
  vhostSockDir: string,
): BindingResult | undefined {
  if (!SUPPORTED_VNIC_TYPES.has(request.vnicType) || bypassesSwitch(request.vnicType, request.profile))
    return undefined;
  const card = request.profile.card_serial_number;
  const host =
    request.vnicType === 'remote-managed' && typeof card === 'string'
      ? registry.hostOfCard(card)
      : request.host;
  if (host === undefined) return undefined;
  for (const chassis of registry.byHost(host)) {
    if (!chassis.alive) continue;
    const segment = request.segments.find((candidate) => reaches(chassis, candidate));
    if (segment === undefined) continue;
    const vif = vifOf(request, chassis, vhostSockDir);
    return { outcome: 'bound', segmentId: segment.id, vifType: vif.type, vifDetails: vif.details };
  }
  return undefined;
}
