import {
  QOS_RULE_TYPES,
  QosRuleNotSupported,
  QosRuleNotSupportedByNetwork,
  type QosRuleType,
} from '@ovenbird/api';
import type { Reader } from '../../db/database.ts';
import { eachOf } from '../../db/query/each-of.ts';

/** What OVN cannot carry out, the driver's schema has no word for. */
const carriedOut: ReadonlySet<string> = new Set(QOS_RULE_TYPES);

/** The first type of rule, by policy, that nothing carries out. Policies with none of them have no entry. */
const unsupportedIn = async (
  reader: Reader,
  policyIds: readonly string[],
): Promise<ReadonlyMap<string, string>> => {
  const rows = await reader.query
    .selectFrom('qos_rules')
    .select(['qos_policy_id', 'type'])
    .where('qos_policy_id', 'in', eachOf(policyIds))
    .where('type', 'not in', [...carriedOut])
    .execute();
  return new Map(rows.map((row) => [row.qos_policy_id, row.type]));
};

/**
 * A policy with rules that nothing carries out is not given to ports or networks.
 *
 * @throws ApiError QosRuleNotSupported, QosRuleNotSupportedByNetwork
 */
export const requireCarriedOut = async (
  reader: Reader,
  kind: 'port' | 'network',
  objects: readonly { readonly id: string; readonly policyId: string | null }[],
): Promise<void> => {
  const policies = [...new Set(objects.flatMap((object) => object.policyId ?? []))];
  if (policies.length === 0) return;
  const unsupported = await unsupportedIn(reader, policies);
  for (const { id, policyId } of objects) {
    const ruleType = unsupported.get(policyId ?? '');
    if (ruleType === undefined) continue;
    throw kind === 'port'
      ? QosRuleNotSupported({ ruleType, portId: id })
      : QosRuleNotSupportedByNetwork({ ruleType, networkId: id });
  }
};

/**
 * Ports and networks that have a policy keep it free of rules that nothing carries out.
 *
 * @throws ApiError QosRuleNotSupported, QosRuleNotSupportedByNetwork
 */
export const requireUnusedOrCarriedOut = async (
  reader: Reader,
  policyId: string,
  ruleType: QosRuleType,
): Promise<void> => {
  if (carriedOut.has(ruleType)) return;
  const port = await reader.query
    .selectFrom('qos_port_policies')
    .select('port_id')
    .where('qos_policy_id', '=', policyId)
    .limit(1)
    .executeTakeFirst();
  if (port !== undefined) throw QosRuleNotSupported({ ruleType, portId: port.port_id });
  const network = await reader.query
    .selectFrom('qos_network_policies')
    .select('network_id')
    .where('qos_policy_id', '=', policyId)
    .limit(1)
    .executeTakeFirst();
  if (network !== undefined) throw QosRuleNotSupportedByNetwork({ ruleType, networkId: network.network_id });
};
