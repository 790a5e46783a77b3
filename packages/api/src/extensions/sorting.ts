import { defineExtension } from '../define.ts';

/** `sort_key` and `sort_dir`. */
export const sorting = defineExtension({
  alias: 'sorting',
  name: 'Sorting support',
  description: 'Extension that indicates that sorting is enabled.',
  updated: '2016-06-12T00:00:00-00:00',
});
