import { optional, required } from '../attribute.ts';
import { defineResource, type ResourceOf } from '../define.ts';
import { securityGroupsNormalizedCidr } from '../extensions/security-groups-normalized-cidr.ts';
import { securityGroupsRemoteAddressGroup } from '../extensions/security-groups-remote-address-group.ts';
import { securityGroupsRulesBelongsToDefaultSg } from '../extensions/security-groups-rules-belongs-to-default-sg.ts';
import { ADMIN_OR_SG_OWNER_MEMBER, ADMIN_OR_SG_OWNER_READER } from '../policy-rules.ts';
import { identity, owner, standardAttributes } from '../standard-attributes.ts';
import { ipPrefixOrNull } from '../validators/cidr.ts';
import { etherType, portOrNull, protocol } from '../validators/security-group-values.ts';
import { string, stringOrNull } from '../validators/string.ts';
import { oneOf } from '../validators/values.ts';

const key = { put: false, filter: true, sort: true } as const;

/** What every rule matches on, in a group and in a template alike. */
export const ruleMatch = {
  direction: required(oneOf(['ingress', 'egress']), key),
  ethertype: optional(etherType, { ...key, initial: 'IPv4' }),
  protocol: optional(protocol, { ...key, initial: null }),
  port_range_min: optional(portOrNull, { ...key, initial: null, description: 'Or the ICMP type.' }),
  port_range_max: optional(portOrNull, { ...key, initial: null, description: 'Or the ICMP code.' }),
  remote_ip_prefix: optional(ipPrefixOrNull, { ...key, initial: null }),
};

/**
 * What a security group lets through. Rules are made and deleted, never changed. A group id that is no UUID is taken and
 * then not found: clients expect 404 for it.
 */
export const securityGroupRule = defineResource({
  name: 'security_group_rule',
  collection: 'security_group_rules',
  path: 'security-group-rules',
  alias: 'security-group',
  operations: ['list', 'show', 'create', 'bulk', 'delete'],
  parent: { resource: 'security_group', attribute: 'security_group_id' },
  quota: { name: 'security_group_rule', limit: 100 },
  extraFilters: ['changed_since'],
  attributes: {
    ...identity,
    ...owner,
    security_group_id: required(string(36), key),
    ...ruleMatch,
    remote_group_id: optional(stringOrNull(255), { ...key, initial: null }),
    ...securityGroupsRemoteAddressGroup.attributes.security_group_rule,
    ...securityGroupsNormalizedCidr.attributes.security_group_rule,
    ...securityGroupsRulesBelongsToDefaultSg.attributes.security_group_rule,
    ...standardAttributes,
  },
  rules: {
    create_security_group_rule: ADMIN_OR_SG_OWNER_MEMBER,
    get_security_group_rule: ADMIN_OR_SG_OWNER_READER,
    delete_security_group_rule: ADMIN_OR_SG_OWNER_MEMBER,
  },
});

export type SecurityGroupRule = ResourceOf<typeof securityGroupRule>;
