import { defineExtension } from '../define.ts';

/** Whether new groups are stateful where requests do not say, by project and for all. */
export const securityGroupsDefaultStatefulness = defineExtension({
  alias: 'security-groups-default-statefulness',
  name: 'Security Groups Default Statefulness',
  description:
    "Allows configuring the default value of the 'stateful' attribute for new security groups, on a per-project or system-wide basis",
  updated: '2026-04-13T00:00:00-00:00',
  requires: ['stateful-security-group'],
});
