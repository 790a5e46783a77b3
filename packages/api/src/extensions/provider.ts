import { unspecified } from '../attribute.ts';
import { defineExtension } from '../define.ts';
import { networkType, physicalNetwork, segmentationId } from '../validators/segments.ts';
import { orNullWhenStored } from '../validators/values.ts';
import type { ValueType } from '../value-type.ts';

const guarded = { put: true, filter: true, policy: true, readPolicy: true } as const;

/** Absent from a network that has several segments: `segments` shows them. */
const ofOneSegment = <T>(type: ValueType<T>): ValueType<T | null | undefined, T> => orNullWhenStored(type);

/** The one segment of a network, as attributes of the network. */
export const provider = defineExtension({
  alias: 'provider',
  name: 'Provider Network',
  description: 'Expose mapping of virtual networks to physical networks',
  updated: '2012-09-07T10:00:00-00:00',
  attributes: {
    network: {
      'provider:network_type': unspecified(ofOneSegment(networkType), guarded),
      'provider:physical_network': unspecified(ofOneSegment(physicalNetwork), guarded),
      'provider:segmentation_id': unspecified(ofOneSegment(segmentationId), guarded),
    },
  },
});
