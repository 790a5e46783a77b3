import { defineExtension } from '../define.ts';

/** An empty filter value matches the empty text. */
export const emptyStringFiltering = defineExtension({
  alias: 'empty-string-filtering',
  name: 'Empty String Filtering Extension',
  description: 'Allow filtering by attributes with empty string value',
  updated: '2018-05-01T10:00:00-00:00',
});
