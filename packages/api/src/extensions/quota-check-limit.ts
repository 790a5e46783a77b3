import { defineExtension } from '../define.ts';

/** A new limit may be held against what the project owns already. */
export const quotaCheckLimit = defineExtension({
  alias: 'quota-check-limit',
  name: 'Quota engine limit check',
  description: 'Support for checking the resource usage before applying a new quota limit',
  updated: '2021-09-08T16:00:00-00:00',
});
