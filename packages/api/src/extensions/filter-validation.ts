import { defineExtension } from '../define.ts';

/** An unknown filter is refused. */
export const filterValidation = defineExtension({
  alias: 'filter-validation',
  name: 'Filter parameters validation',
  description: 'Provides validation on filter parameters.',
  updated: '2018-07-04T10:00:00-00:00',
});
