import type { QosState } from '../qos-state.ts';
import type { PortState } from '../state.ts';
import { limitRows, throughPort } from './limits.ts';
import type { DesiredRow } from './row.ts';

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
  const limited = {
    id: port.id,
    priority: PRIORITY,
    match: throughPort(port.id),
    owner: { 'neutron:port_id': port.id },
  };
  return {
    rows: limitRows(limited, queued ? { ...qos, egress: undefined } : qos),
    options: queued ? queueOf(qos) : {},
  };
}
