import type { Reader } from '../../../../db/database.ts';
import type { QosState } from '../qos-state.ts';
import { grouped } from './decode.ts';
import { physicalNetworkQuery, portPolicyQuery, qosRuleQuery } from './queries.ts';

interface Rule {
  readonly type: string;
  readonly direction: string;
  readonly max_kbps: number | null;
  readonly max_burst_kbps: number | null;
  readonly min_kbps: number | null;
  readonly dscp_mark: number | null;
}

const limitOf = (rules: readonly Rule[], direction: string): QosState['egress'] => {
  const rule = rules.find((one) => one.type === 'bandwidth_limit' && one.direction === direction);
  return rule === undefined ? undefined : { rate: rule.max_kbps ?? 0, burst: rule.max_burst_kbps ?? 0 };
};

const stateOf = (rules: readonly Rule[], physical: boolean): QosState => ({
  egress: limitOf(rules, 'egress'),
  ingress: limitOf(rules, 'ingress'),
  dscp: rules.find((rule) => rule.type === 'dscp_marking')?.dscp_mark ?? undefined,
  minimum:
    rules.find((rule) => rule.type === 'minimum_bandwidth' && rule.direction === 'egress')?.min_kbps ??
    undefined,
  physical,
});

/** Loads what policies say about what is no port of a machine, by policy id, in one statement. */
export function policyLoader() {
  const rules = qosRuleQuery();

  return async (
    reader: Reader,
    policies: readonly (string | null)[],
  ): Promise<ReadonlyMap<string | null, QosState>> => {
    const ids = [...new Set(policies)].filter((id) => id !== null);
    const rulesOf = grouped(await rules.rows(reader, ids), 'qos_policy_id');
    return new Map(ids.map((id) => [id, stateOf(rulesOf.get(id) ?? [], false)]));
  };
}

/** Loads what policies say about ports, in one statement, or three when there are policies. */
export function qosLoader() {
  const policies = portPolicyQuery();
  const rules = qosRuleQuery();
  const physical = physicalNetworkQuery();

  return async (reader: Reader, portIds: readonly string[]): Promise<ReadonlyMap<string, QosState>> => {
    const rows = await policies.rows(reader, portIds);
    const policyIds = [...new Set(rows.map((row) => row.policy))].filter((id) => id !== null);
    const rulesOf = grouped(await rules.rows(reader, policyIds), 'qos_policy_id');
    const networks = await physical.rows(reader, [...new Set(rows.map((row) => row.network_id))]);
    const onWire = new Set(networks.map((row) => row.network_id));
    const states = new Map<string, QosState>();
    for (const row of rows)
      states.set(row.id, stateOf(rulesOf.get(row.policy ?? '') ?? [], onWire.has(row.network_id)));
    return states;
  };
}
