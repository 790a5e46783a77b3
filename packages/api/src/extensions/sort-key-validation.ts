import { defineExtension } from '../define.ts';

/** An unknown `sort_key` is refused. */
export const sortKeyValidation = defineExtension({
  alias: 'sort-key-validation',
  name: 'Sort keys validation',
  description: 'Provides validation on sort keys.',
  updated: '2018-07-04T10:00:00-00:00',
  requires: ['sorting'],
});
