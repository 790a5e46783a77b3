import { optional } from '../attribute.ts';
import { defineResource, type ResourceOf } from '../define.ts';
import { securityGroupsRemoteAddressGroup } from '../extensions/security-groups-remote-address-group.ts';
import { ADMIN, READER } from '../policy-rules.ts';
import { identity } from '../standard-attributes.ts';
import { boolean } from '../validators/boolean.ts';
import { string, stringOrNull } from '../validators/string.ts';
import { ruleMatch } from './security-group-rule.ts';

const TEMPLATE_DESCRIPTION_LENGTH = 1024;

/** A template: every new security group gets the rules made from it. */
export const defaultSecurityGroupRule = defineResource({
  name: 'default_security_group_rule',
  collection: 'default_security_group_rules',
  path: 'default-security-group-rules',
  alias: 'security-groups-default-rules',
  operations: ['list', 'show', 'create', 'bulk', 'delete'],
  attributes: {
    ...identity,
    description: optional(string(TEMPLATE_DESCRIPTION_LENGTH), { put: false, initial: '', filter: true }),
    ...ruleMatch,
    remote_group_id: optional(stringOrNull(255), {
      put: false,
      initial: null,
      filter: true,
      sort: true,
      description: 'The id of a group, or PARENT for the group that the rule is made in.',
    }),
    ...securityGroupsRemoteAddressGroup.attributes.default_security_group_rule,
    used_in_default_sg: optional(boolean, { put: false, initial: false, filter: true }),
    used_in_non_default_sg: optional(boolean, { put: false, initial: true, filter: true }),
  },
  rules: {
    create_default_security_group_rule: ADMIN,
    get_default_security_group_rule: READER,
    delete_default_security_group_rule: ADMIN,
  },
});

export type DefaultSecurityGroupRule = ResourceOf<typeof defaultSecurityGroupRule>;
