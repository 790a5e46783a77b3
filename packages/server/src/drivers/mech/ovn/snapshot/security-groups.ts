import type { Reader } from '../../../../db/database.ts';
import type { SecurityGroupState } from '../state.ts';
import { decodePrefix, grouped } from './decode.ts';
import { groupLogLoader } from './logs.ts';
import { groupQuery, ruleQuery } from './queries.ts';

/** Loads security groups with their rules and logs, in three statements. */
export function securityGroupLoader() {
  const groups = groupQuery();
  const rules = ruleQuery();
  const logs = groupLogLoader();

  return async (reader: Reader, ids: readonly string[]): Promise<ReadonlyMap<string, SecurityGroupState>> => {
    const rows = await groups.rows(reader, ids);
    const rulesOf = grouped(await rules.rows(reader, ids), 'security_group_id');
    const logsOf = await logs(reader, ids);
    const states = new Map<string, SecurityGroupState>();
    for (const row of rows)
      states.set(row.id, {
        id: row.id,
        stateful: row.stateful === 1,
        logs: logsOf(row.id, row.project_id),
        rules: (rulesOf.get(row.id) ?? []).map((rule) => ({
          id: rule.id,
          direction: rule.direction === 'ingress' ? 'ingress' : 'egress',
          ipVersion: rule.ethertype.toLowerCase() === 'ipv6' ? 6 : 4,
          protocol: rule.protocol?.toLowerCase(),
          portMin: rule.port_range_min ?? undefined,
          portMax: rule.port_range_max ?? undefined,
          remoteGroupId: rule.remote_group_id ?? undefined,
          remoteAddressGroupId: rule.remote_address_group_id ?? undefined,
          remoteCidr: decodePrefix(rule.normalized_cidr ?? rule.remote_ip_prefix),
        })),
      });
    return states;
  };
}
