import { defineExtension } from '../define.ts';

/** `limit`, `marker` and `page_reverse`. */
export const pagination = defineExtension({
  alias: 'pagination',
  name: 'Pagination support',
  description: 'Extension that indicates that pagination is enabled.',
  updated: '2016-06-12T00:00:00-00:00',
});
