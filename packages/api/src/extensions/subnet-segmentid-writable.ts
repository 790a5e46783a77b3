import { defineExtension } from '../define.ts';

/** A subnet may be given to the only segment of its network afterwards. */
export const subnetSegmentidWritable = defineExtension({
  alias: 'subnet-segmentid-writable',
  name: 'Subnet SegmentID (writable)',
  description: 'Provides a writable segment_id attribute for a subnet resource.',
  updated: '2018-03-12T00:00:00-00:00',
  requires: ['segment'],
});
