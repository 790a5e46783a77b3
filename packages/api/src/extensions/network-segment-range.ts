import { defineExtension } from '../define.ts';

/** Ranges of segmentation ids, for all or set aside for a project. */
export const networkSegmentRangeExtension = defineExtension({
  alias: 'network-segment-range',
  name: 'Neutron Network Segment Range',
  description: 'Provides support for the network segment range management',
  updated: '2018-11-29T00:00:00-00:00',
  requires: ['provider'],
});
