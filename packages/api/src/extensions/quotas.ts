import { defineExtension } from '../define.ts';

/** Limits on how many resources a project may own. */
export const quotas = defineExtension({
  alias: 'quotas',
  name: 'Quota management support',
  description: 'Expose functions for quotas management per project',
  updated: '2012-07-29T10:00:00-00:00',
});
