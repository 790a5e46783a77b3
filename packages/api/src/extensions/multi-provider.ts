import { unspecified } from '../attribute.ts';
import { defineExtension } from '../define.ts';
import { type Segment, type SegmentRequest, segments } from '../validators/segments.ts';
import type { ValueType } from '../value-type.ts';

/** Absent from a network that has one segment: `provider:*` shows it. */
const severalSegments: ValueType<readonly Segment[] | undefined, readonly SegmentRequest[]> = segments;

const PARTS = ['provider:network_type', 'provider:physical_network', 'provider:segmentation_id'];

/** Networks with several segments; such a network shows `segments` instead of `provider:*`. */
export const multiProvider = defineExtension({
  alias: 'multi-provider',
  name: 'Multi Provider Network',
  description: 'Expose mapping of virtual networks to multiple physical networks',
  updated: '2013-06-27T10:00:00-00:00',
  attributes: {
    network: {
      segments: unspecified(severalSegments, { put: true, policy: true, subPolicy: PARTS, readPolicy: true }),
    },
  },
});
