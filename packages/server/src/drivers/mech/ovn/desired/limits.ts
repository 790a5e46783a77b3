import { qosUuid } from '../ids.ts';
import type { QosState } from '../qos-state.ts';
import { type DesiredRow, desiredRow, stringMap } from './row.ts';

/** What a policy is about, as rows of a switch name it. */
export interface Limited {
  /** Of the object: rows get their UUIDs from it. */
  readonly id: string;
  readonly priority: number;
  readonly match: { readonly egress: string; readonly ingress: string };
  /** Keys of `external_ids` that tell whose rows they are. */
  readonly owner: { readonly [key: string]: string };
}

type Bandwidth = ReadonlyMap<'rate' | 'burst', number>;

const bandwidthOf = (limit: QosState['egress']): Bandwidth => {
  const bandwidth = new Map<'rate' | 'burst', number>();
  // OVN knows no rate of 0; who wants silence takes the port down.
  if (limit === undefined || limit.rate === 0) return bandwidth;
  bandwidth.set('rate', limit.rate);
  if (limit.burst > 0) bandwidth.set('burst', limit.burst);
  return bandwidth;
};

function rowOf(
  limited: Limited,
  way: 'egress' | 'ingress',
  bandwidth: Bandwidth,
  action: ReadonlyMap<'dscp', number>,
): readonly DesiredRow<'QoS'>[] {
  if (bandwidth.size === 0 && action.size === 0) return [];
  const direction = way === 'egress' ? 'from-lport' : 'to-lport';
  return [
    desiredRow('QoS', qosUuid(limited.id, direction), {
      direction,
      priority: limited.priority,
      match: limited.match[way],
      bandwidth,
      action,
      external_ids: stringMap(limited.owner),
    }),
  ];
}

/** Limits of both ways, and the mark of what is sent → a row of QoS for each way that has any. */
export const limitRows = (
  limited: Limited,
  { egress, ingress, dscp }: Pick<QosState, 'egress' | 'ingress' | 'dscp'>,
): readonly DesiredRow<'QoS'>[] => [
  ...rowOf(limited, 'egress', bandwidthOf(egress), new Map(dscp === undefined ? [] : [['dscp', dscp]])),
  ...rowOf(limited, 'ingress', bandwidthOf(ingress), new Map()),
];

/** What a switch sees coming from one of its ports, and going there. */
export const throughPort = (portId: string): Limited['match'] => ({
  egress: `inport == "${portId}"`,
  ingress: `outport == "${portId}"`,
});
