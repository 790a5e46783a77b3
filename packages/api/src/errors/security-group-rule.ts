import { defineError } from '../errors.ts';

/** 404: no such rule, or none that the caller may see. */
export const SecurityGroupRuleNotFound = defineError<{ id: string }>(
  404,
  'SecurityGroupRuleNotFound',
  (p) => `Security group rule ${p.id} does not exist`,
);

/** 409: an equal rule exists in the group. */
export const SecurityGroupRuleExists = defineError<{ ruleId: string }>(
  409,
  'SecurityGroupRuleExists',
  (p) => `Security group rule already exists. Rule id is ${p.ruleId}.`,
);

/** 409: one bulk request holds equal rules. */
export const DuplicateSecurityGroupRuleInPost = defineError<void>(
  409,
  'DuplicateSecurityGroupRuleInPost',
  () => 'Duplicate Security Group Rule in POST.',
);

/** 400: the lower port is above the upper one, or one of them is missing. */
export const SecurityGroupInvalidPortRange = defineError<void>(
  400,
  'SecurityGroupInvalidPortRange',
  () => 'For TCP/UDP protocols, port_range_min must be <= port_range_max',
);

/** 400: the protocol has no ports. */
export const SecurityGroupInvalidProtocolForPort = defineError<{
  protocol: string;
  supported: readonly string[];
}>(
  400,
  'SecurityGroupInvalidProtocolForPort',
  (p) =>
    `Ports cannot be specified for protocol ${p.protocol}. ` +
    `Ports are only supported for ${p.supported.join(', ')}.`,
);

/** 400: no port number. */
export const SecurityGroupInvalidPortValue = defineError<{ port: string }>(
  400,
  'SecurityGroupInvalidPortValue',
  (p) => `Invalid value for port ${p.port}`,
);

/** 400: an ICMP type or code outside 0–255; `field` is `type` or `code`, `attr` the attribute that carried it. */
export const SecurityGroupInvalidIcmpValue = defineError<{ field: string; attr: string; value: number }>(
  400,
  'SecurityGroupInvalidIcmpValue',
  (p) => `Invalid value for ICMP ${p.field} (${p.attr}) ${p.value}. It must be 0 to 255.`,
);

/** 400: an ICMP code without a type. */
export const SecurityGroupMissingIcmpType = defineError<{ value: number }>(
  400,
  'SecurityGroupMissingIcmpType',
  (p) => `ICMP code (port-range-max) ${p.value} is provided but ICMP type (port-range-min) is missing.`,
);

/** 400: the protocol does not exist in this IP version. */
export const SecurityGroupEthertypeConflictWithProtocol = defineError<{
  ethertype: string;
  protocol: string;
}>(
  400,
  'SecurityGroupEthertypeConflictWithProtocol',
  (p) => `Invalid ethertype ${p.ethertype} for protocol ${p.protocol}.`,
);

/** 400: no protocol name or number. */
export const SecurityGroupRuleInvalidProtocol = defineError<{ protocol: string; values: readonly string[] }>(
  400,
  'SecurityGroupRuleInvalidProtocol',
  (p) =>
    `Security group rule protocol ${p.protocol} not supported. Only protocol values ${p.values.join(', ')} ` +
    'and integer representations [0 to 255] are supported.',
);

/** 400: neither IPv4 nor IPv6. */
export const SecurityGroupRuleInvalidEtherType = defineError<{
  ethertype: string;
  values: readonly string[];
}>(
  400,
  'SecurityGroupRuleInvalidEtherType',
  (p) =>
    `Security group rule for ethertype '${p.ethertype}' not supported. Allowed values are ${p.values.join(', ')}.`,
);

/** 400: the remote prefix is of another IP version than the rule. */
export const SecurityGroupRuleParameterConflict = defineError<{ ethertype: string; cidr: string }>(
  400,
  'SecurityGroupRuleParameterConflict',
  (p) => `Conflicting value ethertype ${p.ethertype} for CIDR ${p.cidr}`,
);

/** 400: a rule names more than one remote (the reference spells the type this way). */
export const SecurityGroupMultipleRemoteEntites = defineError<void>(
  400,
  'SecurityGroupMultipleRemoteEntites',
  () => 'Only one of remote_ip_prefix or remote_group_id or remote_address_group_id may be provided.',
);

/** 400: ports without a protocol. */
export const SecurityGroupProtocolRequiredWithPorts = defineError<void>(
  400,
  'SecurityGroupProtocolRequiredWithPorts',
  () => 'Must also specify protocol if port range is given.',
);

/** 400: the rules of one bulk request belong to several groups. */
export const SecurityGroupNotSingleGroupRules = defineError<void>(
  400,
  'SecurityGroupNotSingleGroupRules',
  () => 'Only allowed to update rules for one security profile at a time',
);

/** 400: the rules of one bulk request belong to several projects. */
export const SecurityGroupRulesNotSingleProject = defineError<void>(
  400,
  'SecurityGroupRulesNotSingleProject',
  () => 'Multiple project_ids in bulk security group rule create not allowed',
);

/** 404: no such template rule. */
export const DefaultSecurityGroupRuleNotFound = defineError<{ id: string }>(
  404,
  'DefaultSecurityGroupRuleNotFound',
  (p) => `Default Security Group rule ${p.id} does not exist`,
);

/** 409: an equal template rule exists. */
export const DefaultSecurityGroupRuleExists = defineError<{ ruleId: string }>(
  409,
  'DefaultSecurityGroupRuleExists',
  (p) => `Default Security group rule already exists. Rule id is ${p.ruleId}.`,
);

/** 409: one bulk request holds equal template rules. */
export const DuplicateDefaultSgRuleInPost = defineError<void>(
  409,
  'DuplicateDefaultSgRuleInPost',
  () => 'Duplicate Default Security Group Rule in POST.',
);
