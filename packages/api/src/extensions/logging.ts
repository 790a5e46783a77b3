import { defineExtension } from '../define.ts';

/** Records of what security groups let through and drop. */
export const logging = defineExtension({
  alias: 'logging',
  name: 'Logging API Extension',
  description: 'Provides a logging API for resources such as security group and firewall.',
  updated: '2017-01-01T10:00:00-00:00',
  requires: ['security-group', 'standard-attr-description'],
});
