import { defineExtension } from '../define.ts';

/** A new limit below what the project owns is refused unless the request says `force`. */
export const quotaCheckLimitDefault = defineExtension({
  alias: 'quota-check-limit-default',
  name: 'Quota engine limit check by default',
  description:
    'By default, the Neutron quota engine checks the resource usage before applying a new quota limit',
  updated: '2024-08-21T16:00:00-00:00',
  requires: ['quota-check-limit'],
});
