import { qosUuid } from '../ids.ts';
import type { PortState, QosState } from '../state.ts';
import { type DesiredRow, desiredRow, stringMap } from './row.ts';

const PRIORITY = 2002;

/** What a port's policy comes to: rows of its switch, and options of the port. */
export interface PortQos {
  readonly rows: readonly DesiredRow<'QoS'>[];
  readonly options: { readonly [key: string]: string | undefined };
}

const none: PortQos = { rows: [], options: {} };

/** Ports of network services are not limited. */
const isDevice = (port: PortState): boolean => /^(?:network|neutron):/.test(port.deviceOwner);

/** OVN promises bandwidth, by a queue of the physical interface, only to what leaves through one. */
const isQueued = (qos: QosState): boolean => qos.physical && qos.minimum !== undefined;

const bandwidthOf = (limit: QosState['egress']): ReadonlyMap<'rate' | 'burst', number> => {
  const bandwidth = new Map<'rate' | 'burst', number>();
  // OVN knows no rate of 0; who wants silence takes the port down.
  if (limit === undefined || limit.rate === 0) return bandwidth;
  bandwidth.set('rate', limit.rate);
  if (limit.burst > 0) bandwidth.set('burst', limit.burst);
  return bandwidth;
};

function rowOf(
  port: PortState,
  direction: 'from-lport' | 'to-lport',
  bandwidth: ReadonlyMap<'rate' | 'burst', number>,
  action: ReadonlyMap<'dscp', number>,
): readonly DesiredRow<'QoS'>[] {
  if (bandwidth.size === 0 && action.size === 0) return [];
  const field = direction === 'from-lport' ? 'inport' : 'outport';
  return [
    desiredRow('QoS', qosUuid(port.id, direction), {
      direction,
      priority: PRIORITY,
      match: `${field} == "${port.id}"`,
      bandwidth,
      action,
      external_ids: stringMap({ 'neutron:port_id': port.id }),
    }),
  ];
}

const bits = (kilobits: number): string => String(kilobits * 1000);

const queueOf = ({ egress, minimum }: QosState): PortQos['options'] => ({
  qos_min_rate: minimum === undefined ? undefined : bits(minimum),
  qos_max_rate: egress === undefined || egress.rate === 0 ? undefined : bits(egress.rate),
  qos_burst: egress === undefined || egress.burst === 0 ? undefined : bits(egress.burst),
});

/** Effective policy of a port → QoS rows of its switch, and its queue where bandwidth is promised on a physical network. */
export function portQos(port: PortState, type: string): PortQos {
  const { qos } = port;
  if (qos === undefined || isDevice(port) || type === 'external') return none;
  const queued = isQueued(qos);
  const mark = new Map<'dscp', number>(qos.dscp === undefined ? [] : [['dscp', qos.dscp]]);
  return {
    rows: [
      ...rowOf(port, 'from-lport', bandwidthOf(queued ? undefined : qos.egress), mark),
      ...rowOf(port, 'to-lport', bandwidthOf(qos.ingress), new Map()),
    ],
    options: queued ? queueOf(qos) : {},
  };
}
