import { optional, readOnly, required, updateOnly } from '../attribute.ts';
import { defineResource, type ResourceOf } from '../define.ts';
import { qosBwLimitDirection } from '../extensions/qos-bw-limit-direction.ts';
import { ADMIN } from '../policy-rules.ts';
import { identity } from '../standard-attributes.ts';
import { dscpMark, kilobits, QOS_DIRECTIONS } from '../validators/qos-values.ts';
import { uuid } from '../validators/uuid.ts';
import { oneOf } from '../validators/values.ts';

/** Who may change rules of a policy, who may see them, and what may be done with their values. */
export const QOS_RULE_MANAGER = `(${ADMIN}) or (role:manager and rule:ext_parent_owner)`;
export const QOS_RULE_READER = `(${ADMIN}) or (role:reader and rule:ext_parent_owner)`;
export const QOS_RULE_CHANGE = { put: true, filter: true, sort: true } as const;
const direction = oneOf(QOS_DIRECTIONS);
const memberOf = { resource: 'policy', parameter: 'policy_id' };
const operations = ['list', 'show', 'create', 'update', 'delete'] as const;

/** How much a port may send or receive. */
export const qosBandwidthLimitRule = defineResource({
  name: 'bandwidth_limit_rule',
  collection: 'bandwidth_limit_rules',
  path: 'bandwidth_limit_rules',
  alias: 'qos',
  operations,
  memberOf,
  policyName: 'policy_bandwidth_limit_rule',
  attributes: {
    ...identity,
    max_kbps: required(kilobits, QOS_RULE_CHANGE),
    max_burst_kbps: optional(kilobits, { ...QOS_RULE_CHANGE, initial: 0 }),
    ...qosBwLimitDirection.attributes.bandwidth_limit_rule,
  },
  rules: {
    get_policy_bandwidth_limit_rule: QOS_RULE_READER,
    create_policy_bandwidth_limit_rule: QOS_RULE_MANAGER,
    update_policy_bandwidth_limit_rule: QOS_RULE_MANAGER,
    delete_policy_bandwidth_limit_rule: QOS_RULE_MANAGER,
  },
});

/** The mark that packets of a port leave with. */
export const qosDscpMarkingRule = defineResource({
  name: 'dscp_marking_rule',
  collection: 'dscp_marking_rules',
  path: 'dscp_marking_rules',
  alias: 'qos',
  operations,
  memberOf,
  policyName: 'policy_dscp_marking_rule',
  attributes: { ...identity, dscp_mark: required(dscpMark, QOS_RULE_CHANGE) },
  rules: {
    get_policy_dscp_marking_rule: QOS_RULE_READER,
    create_policy_dscp_marking_rule: QOS_RULE_MANAGER,
    update_policy_dscp_marking_rule: QOS_RULE_MANAGER,
    delete_policy_dscp_marking_rule: QOS_RULE_MANAGER,
  },
});

/** How much a port is promised; OVN keeps the promise for what it sends to a physical network. */
export const qosMinimumBandwidthRule = defineResource({
  name: 'minimum_bandwidth_rule',
  collection: 'minimum_bandwidth_rules',
  path: 'minimum_bandwidth_rules',
  alias: 'qos',
  operations,
  memberOf,
  policyName: 'policy_minimum_bandwidth_rule',
  attributes: {
    ...identity,
    min_kbps: required(kilobits, QOS_RULE_CHANGE),
    direction: optional(direction, { ...QOS_RULE_CHANGE, initial: 'egress' }),
  },
  rules: {
    get_policy_minimum_bandwidth_rule: QOS_RULE_READER,
    create_policy_minimum_bandwidth_rule: QOS_RULE_MANAGER,
    update_policy_minimum_bandwidth_rule: QOS_RULE_MANAGER,
    delete_policy_minimum_bandwidth_rule: QOS_RULE_MANAGER,
  },
});

const aliasOperations = ['show', 'update', 'delete'] as const;
const parent = { resource: 'policy', attribute: 'qos_policy_id' };
const aliasIdentity = { ...identity, qos_policy_id: readOnly(uuid, { visible: false }) };

/** A bandwidth limit found without its policy. */
export const aliasBandwidthLimitRule = defineResource({
  name: 'alias_bandwidth_limit_rule',
  collection: 'alias_bandwidth_limit_rules',
  path: 'qos/alias_bandwidth_limit_rules',
  alias: 'qos-rules-alias',
  operations: aliasOperations,
  parent,
  attributes: {
    ...aliasIdentity,
    max_kbps: updateOnly(kilobits),
    max_burst_kbps: updateOnly(kilobits),
    direction: updateOnly(direction),
  },
  rules: {
    get_alias_bandwidth_limit_rule: QOS_RULE_READER,
    update_alias_bandwidth_limit_rule: QOS_RULE_MANAGER,
    delete_alias_bandwidth_limit_rule: QOS_RULE_MANAGER,
  },
});

/** A DSCP mark found without its policy. */
export const aliasDscpMarkingRule = defineResource({
  name: 'alias_dscp_marking_rule',
  collection: 'alias_dscp_marking_rules',
  path: 'qos/alias_dscp_marking_rules',
  alias: 'qos-rules-alias',
  operations: aliasOperations,
  parent,
  attributes: { ...aliasIdentity, dscp_mark: updateOnly(dscpMark) },
  rules: {
    get_alias_dscp_marking_rule: QOS_RULE_READER,
    update_alias_dscp_marking_rule: QOS_RULE_MANAGER,
    delete_alias_dscp_marking_rule: QOS_RULE_MANAGER,
  },
});

/** A promise of bandwidth found without its policy. */
export const aliasMinimumBandwidthRule = defineResource({
  name: 'alias_minimum_bandwidth_rule',
  collection: 'alias_minimum_bandwidth_rules',
  path: 'qos/alias_minimum_bandwidth_rules',
  alias: 'qos-rules-alias',
  operations: aliasOperations,
  parent,
  attributes: { ...aliasIdentity, min_kbps: updateOnly(kilobits), direction: updateOnly(direction) },
  rules: {
    get_alias_minimum_bandwidth_rule: QOS_RULE_READER,
    update_alias_minimum_bandwidth_rule: QOS_RULE_MANAGER,
    delete_alias_minimum_bandwidth_rule: QOS_RULE_MANAGER,
  },
});

export type QosBandwidthLimitRule = ResourceOf<typeof qosBandwidthLimitRule>;
export type QosDscpMarkingRule = ResourceOf<typeof qosDscpMarkingRule>;
export type QosMinimumBandwidthRule = ResourceOf<typeof qosMinimumBandwidthRule>;
