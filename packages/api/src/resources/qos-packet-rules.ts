import { optional, readOnly, required, updateOnly } from '../attribute.ts';
import { defineResource } from '../define.ts';
import { identity } from '../standard-attributes.ts';
import { kilopackets, QOS_DIRECTIONS, QOS_DIRECTIONS_OR_ANY } from '../validators/qos-values.ts';
import { uuid } from '../validators/uuid.ts';
import { oneOf } from '../validators/values.ts';
import { QOS_RULE_CHANGE, QOS_RULE_MANAGER, QOS_RULE_READER } from './qos-rules.ts';

const memberOf = { resource: 'policy', parameter: 'policy_id' };
const operations = ['list', 'show', 'create', 'update', 'delete'] as const;

/** How many packets a port may send or receive. */
export const qosPacketRateLimitRule = defineResource({
  name: 'packet_rate_limit_rule',
  collection: 'packet_rate_limit_rules',
  path: 'packet_rate_limit_rules',
  alias: 'qos-pps',
  operations,
  memberOf,
  policyName: 'policy_packet_rate_limit_rule',
  attributes: {
    ...identity,
    max_kpps: required(kilopackets, QOS_RULE_CHANGE),
    max_burst_kpps: optional(kilopackets, { ...QOS_RULE_CHANGE, initial: 0 }),
    direction: optional(oneOf(QOS_DIRECTIONS), { ...QOS_RULE_CHANGE, initial: 'egress' }),
  },
  rules: {
    get_policy_packet_rate_limit_rule: QOS_RULE_READER,
    create_policy_packet_rate_limit_rule: QOS_RULE_MANAGER,
    update_policy_packet_rate_limit_rule: QOS_RULE_MANAGER,
    delete_policy_packet_rate_limit_rule: QOS_RULE_MANAGER,
  },
});

/** How many packets a port is promised, each way or both ways together. */
export const qosMinimumPacketRateRule = defineResource({
  name: 'minimum_packet_rate_rule',
  collection: 'minimum_packet_rate_rules',
  path: 'minimum_packet_rate_rules',
  alias: 'qos-pps-minimum',
  operations,
  memberOf,
  policyName: 'policy_minimum_packet_rate_rule',
  attributes: {
    ...identity,
    min_kpps: required(kilopackets, QOS_RULE_CHANGE),
    direction: optional(oneOf(QOS_DIRECTIONS_OR_ANY), { ...QOS_RULE_CHANGE, initial: 'egress' }),
  },
  rules: {
    get_policy_minimum_packet_rate_rule: QOS_RULE_READER,
    create_policy_minimum_packet_rate_rule: QOS_RULE_MANAGER,
    update_policy_minimum_packet_rate_rule: QOS_RULE_MANAGER,
    delete_policy_minimum_packet_rate_rule: QOS_RULE_MANAGER,
  },
});

/** A promise of packets found without its policy. */
export const aliasMinimumPacketRateRule = defineResource({
  name: 'alias_minimum_packet_rate_rule',
  collection: 'alias_minimum_packet_rate_rules',
  path: 'qos/alias_minimum_packet_rate_rules',
  alias: 'qos-pps-minimum-rule-alias',
  operations: ['show', 'update', 'delete'],
  parent: { resource: 'policy', attribute: 'qos_policy_id' },
  attributes: {
    ...identity,
    qos_policy_id: readOnly(uuid, { visible: false }),
    min_kpps: updateOnly(kilopackets),
    direction: updateOnly(oneOf(QOS_DIRECTIONS_OR_ANY)),
  },
  rules: {
    get_alias_minimum_packet_rate_rule: 'rule:get_policy_minimum_packet_rate_rule',
    update_alias_minimum_packet_rate_rule: 'rule:update_policy_minimum_packet_rate_rule',
    delete_alias_minimum_packet_rate_rule: 'rule:delete_policy_minimum_packet_rate_rule',
  },
});
