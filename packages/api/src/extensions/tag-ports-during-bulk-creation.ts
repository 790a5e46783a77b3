import { defineExtension } from '../define.ts';

/** `tags` in the body of a port create. */
export const tagPortsDuringBulkCreation = defineExtension({
  alias: 'tag-ports-during-bulk-creation',
  name: 'Tag Ports During Bulk Creation',
  description: 'Allow to tag ports during bulk creation',
  updated: '2019-12-29T19:00:00-00:00',
});
