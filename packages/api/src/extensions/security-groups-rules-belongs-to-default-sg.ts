import { readOnly } from '../attribute.ts';
import { defineExtension } from '../define.ts';
import { booleanOrNull } from '../validators/boolean.ts';

/** Whether a rule is in the default group of its project. */
export const securityGroupsRulesBelongsToDefaultSg = defineExtension({
  alias: 'security-groups-rules-belongs-to-default-sg',
  name: "Security group rule belongs to the project's default security group",
  description: "Flag to determine if the security group rule belongs to the project's default security group",
  updated: '2023-05-23T10:00:00-00:00',
  requires: ['security-group'],
  attributes: {
    security_group_rule: {
      belongs_to_default_sg: readOnly(booleanOrNull, { filter: true }),
    },
  },
});
