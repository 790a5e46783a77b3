import { optional, readOnly } from '../attribute.ts';
import { defineResource, type ResourceOf } from '../define.ts';
import { securityGroupsSharedFiltering } from '../extensions/security-groups-shared-filtering.ts';
import { standardAttrTag } from '../extensions/standard-attr-tag.ts';
import { statefulSecurityGroup } from '../extensions/stateful-security-group.ts';
import { ADMIN_OR_PROJECT_MEMBER, ADMIN_OR_PROJECT_READER, or } from '../policy-rules.ts';
import { identity, owner, standardAttributes } from '../standard-attributes.ts';
import { securityGroupName } from '../validators/security-group-values.ts';
import { refused, type ValueType } from '../value-type.ts';
import type { SecurityGroupRule } from './security-group-rule.ts';

const READER = or(ADMIN_OR_PROJECT_READER, 'rule:shared_security_group');

/** The rules of a group, as the group shows them. No request gives them. */
const nestedRules: ValueType<readonly SecurityGroupRule[]> = {
  name: 'security group rules',
  schema: { type: 'array', items: { $ref: '#/components/schemas/security_group_rule' } },
  parse: () => refused('security group rules are made one by one'),
};

/** A set of rules that ports share. Each project has one named `default`. */
export const securityGroup = defineResource({
  name: 'security_group',
  collection: 'security_groups',
  path: 'security-groups',
  alias: 'security-group',
  operations: ['list', 'show', 'create', 'bulk', 'update', 'delete'],
  taggable: true,
  quota: { name: 'security_group', limit: 10 },
  extraFilters: ['changed_since'],
  attributes: {
    ...identity,
    name: optional(securityGroupName, { put: true, initial: '', filter: true, sort: true }),
    ...owner,
    security_group_rules: readOnly(nestedRules),
    ...securityGroupsSharedFiltering.attributes.security_group,
    ...statefulSecurityGroup.attributes.security_group,
    ...standardAttributes,
    ...standardAttrTag.attributes.standard,
  },
  rules: {
    create_security_group: ADMIN_OR_PROJECT_MEMBER,
    'create_security_group:tags': ADMIN_OR_PROJECT_MEMBER,
    get_security_group: READER,
    'get_security_group:tags': READER,
    update_security_group: ADMIN_OR_PROJECT_MEMBER,
    'update_security_group:tags': ADMIN_OR_PROJECT_MEMBER,
    delete_security_group: ADMIN_OR_PROJECT_MEMBER,
    'delete_security_group:tags': ADMIN_OR_PROJECT_MEMBER,
  },
});

export type SecurityGroup = ResourceOf<typeof securityGroup>;
