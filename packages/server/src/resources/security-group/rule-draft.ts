import type { SecurityGroupRulesTable } from '../../db/tables.ts';
import { fingerprintOf, normalizedCidr, type RuleMatch } from './rule-match.ts';

/** A checked rule and where it belongs. */
export interface NewRule extends RuleMatch {
  readonly security_group_id: string;
  readonly project_id: string;
  readonly description: string;
}

/** The row of a new rule. */
export const draftRule = (rule: NewRule, id: string, now: string): SecurityGroupRulesTable => ({
  id,
  project_id: rule.project_id,
  security_group_id: rule.security_group_id,
  description: rule.description,
  direction: rule.direction,
  ethertype: rule.ethertype,
  protocol: rule.protocol,
  port_range_min: rule.port_range_min,
  port_range_max: rule.port_range_max,
  remote_group_id: rule.remote_group_id,
  remote_address_group_id: rule.remote_address_group_id,
  remote_ip_prefix: rule.remote_ip_prefix,
  normalized_cidr: normalizedCidr(rule),
  fingerprint: fingerprintOf(rule),
  created_at: now,
  updated_at: now,
  revision_number: 0,
});
