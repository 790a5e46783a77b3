import { defineExtension } from '../define.ts';

/** `GET /quotas/{project}/details`: limits with what is used of them. */
export const quotaDetails = defineExtension({
  alias: 'quota_details',
  name: 'Quota details management support',
  description: 'Expose functions for quotas usage statistics per project',
  updated: '2017-02-10T10:00:00-00:00',
  requires: ['quotas'],
});
