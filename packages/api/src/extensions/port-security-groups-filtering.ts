import { defineExtension } from '../define.ts';

/** `security_groups=…` in port lists. */
export const portSecurityGroupsFiltering = defineExtension({
  alias: 'port-security-groups-filtering',
  name: 'Port filtering on security groups',
  description: 'Provides security groups filtering when listing ports',
  updated: '2018-01-09T09:00:00-00:00',
});
