import { unspecified } from '../attribute.ts';
import { defineExtension } from '../define.ts';
import { boolean } from '../validators/boolean.ts';

/** Groups whose rules see single packets instead of connections. */
export const statefulSecurityGroup = defineExtension({
  alias: 'stateful-security-group',
  name: 'Stateful security group',
  description: 'Indicates if the security group is stateful or not',
  updated: '2019-11-26T09:00:00-00:00',
  requires: ['security-group'],
  attributes: {
    security_group: {
      stateful: unspecified(boolean, { put: true, filter: true }),
    },
  },
});
