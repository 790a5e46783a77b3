import type { Port } from '@ovenbird/api';
import type { Change } from '../../../ml2/contract.ts';

/** What Nova is told, in the form of its `os-server-external-events`. */
export interface NovaEvent {
  readonly name: 'network-vif-plugged' | 'network-vif-unplugged' | 'network-changed' | 'network-vif-deleted';
  readonly server_uuid: string;
  /** The port. */
  readonly tag: string;
  readonly status: 'completed';
}

const UUID = /^[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}$/i;

/** Whether a port belongs to a server of Nova. */
export const isServerPort = (deviceOwner: string, deviceId: string): boolean =>
  deviceOwner.startsWith('compute:') && UUID.test(deviceId);

export const novaEvent = (name: NovaEvent['name'], serverId: string, portId: string): NovaEvent => ({
  name,
  server_uuid: serverId,
  tag: portId,
  status: 'completed',
});

/** A port whose status changed. */
export interface ChangedStatus {
  readonly portId: string;
  readonly deviceId: string;
  readonly deviceOwner: string;
  readonly status: string;
  readonly previous: string;
  /** Whether the host that it moves to carries it. */
  readonly arrived: boolean;
}

/** What of a port Nova keeps a copy of. */
const copied = (port: Port, binding: boolean): string =>
  JSON.stringify([
    port.mac_address,
    port.fixed_ips,
    port.admin_state_up,
    port['binding:vnic_type'],
    ...(binding ? [port['binding:vif_type'], port['binding:vif_details'], port['binding:profile']] : []),
  ]);

const isChanged = (original: Port, current: Port): boolean => {
  // The first binding is what Nova asks for: the answer tells it.
  const binding = original['binding:vif_type'] !== 'unbound';
  return copied(current, binding) !== copied(original, binding);
};

/** News that follow from a change of a port by a request; `status` and `data` say which are wanted. */
export const eventsOfPortChange = (
  change: Extract<Change, { kind: 'port' }>,
  wanted: { readonly status: boolean; readonly data: boolean },
): readonly NovaEvent[] => {
  if (change.action === 'create') return [];
  const { original, id } = change;
  if (!isServerPort(original.device_owner, original.device_id)) return [];
  if (change.action === 'delete')
    return wanted.data ? [novaEvent('network-vif-deleted', original.device_id, id)] : [];
  const { current } = change;
  const unplugged = wanted.status && original.status === 'ACTIVE' && current.status === 'DOWN';
  // A port that changes hands is no news to the server that gave it away, and the other one asked for it.
  const changed = wanted.data && current.device_id === original.device_id && isChanged(original, current);
  return [
    ...(unplugged ? [novaEvent('network-vif-unplugged', original.device_id, id)] : []),
    ...(changed ? [novaEvent('network-changed', original.device_id, id)] : []),
  ];
};

/** What a port that came up, or went down, means to its server. */
export const eventsOfStatus = (news: readonly ChangedStatus[]): readonly NovaEvent[] =>
  news
    .filter((one) => isServerPort(one.deviceOwner, one.deviceId))
    .flatMap((one): readonly NovaEvent[] => {
      if (one.status === 'ACTIVE') return [novaEvent('network-vif-plugged', one.deviceId, one.portId)];
      if (one.previous === 'ACTIVE') return [novaEvent('network-vif-unplugged', one.deviceId, one.portId)];
      return [];
    });

/** Ports that a change of a floating IP concerns: the one that it left and the one that it leads to now. */
export const portsOfFloatingIp = (change: Extract<Change, { kind: 'floatingip' }>): readonly string[] => {
  const before = change.action === 'create' ? null : change.original.port_id;
  const now = change.action === 'delete' ? null : change.current.port_id;
  return before === now ? [] : [before, now].filter((id) => id !== null);
};
