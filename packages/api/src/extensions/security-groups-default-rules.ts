import { defineExtension } from '../define.ts';

/** The templates that new groups get their rules from. */
export const securityGroupsDefaultRules = defineExtension({
  alias: 'security-groups-default-rules',
  name: 'Default rules for security groups',
  description: 'Configure set of security group rules used as default rules for every new security group',
  updated: '2022-12-19T10:00:00-00:00',
  requires: ['security-group', 'standard-attr-description'],
});
