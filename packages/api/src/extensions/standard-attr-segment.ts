import { defineExtension } from '../define.ts';

/** Segments have descriptions, time stamps and revisions. */
export const standardAttrSegment = defineExtension({
  alias: 'standard-attr-segment',
  name: 'Standard Attribute Segment Extension',
  description: 'Add standard attributes to Segment resource',
  updated: '2018-04-09T10:00:00-00:00',
  requires: ['segment'],
});
