import { unspecified } from '../attribute.ts';
import { defineExtension } from '../define.ts';
import { uuidList } from '../validators/uuid.ts';

/** Security groups, their rules, and the groups of a port. */
export const securityGroup = defineExtension({
  alias: 'security-group',
  name: 'security-group',
  description: 'The security groups extension.',
  updated: '2012-10-05T10:00:00-00:00',
  requires: ['standard-attr-description'],
  attributes: {
    port: {
      security_groups: unspecified(uuidList, { put: true, filter: true }),
    },
  },
});
