import type { ResourceRequest } from '@ovenbird/api';
import { uuid5 } from '../../core/uuid5.ts';
import type { Reader } from '../../db/database.ts';
import { eachOf } from '../../db/query/each-of.ts';

/** A port that may ask Placement for something. */
export interface RequestingPort {
  readonly id: string;
  readonly networkId: string;
  readonly vnicType: string;
  /** The policy that holds for it: its own, else its network's. */
  readonly policyId: string | null;
}

interface Promised {
  readonly id: string;
  readonly direction: string;
  readonly min_kbps: number | null;
}

const CLASSES: { readonly [direction: string]: string } = {
  ingress: 'NET_BW_IGR_KILOBIT_PER_SEC',
  egress: 'NET_BW_EGR_KILOBIT_PER_SEC',
};
const TUNNELLED = 'CUSTOM_NETWORK_TUNNEL_PROVIDER';

/** A custom trait: Placement takes capitals, digits and underscores. */
const trait = (prefix: string, name: string): string =>
  `CUSTOM_${prefix}_${name.toUpperCase().replaceAll(/[^A-Z0-9_]/g, '_')}`;

const requestOf = (
  port: RequestingPort,
  promises: readonly Promised[],
  physicalNetwork: string | null,
): ResourceRequest => {
  const id = uuid5(port.id, promises.map((rule) => rule.id).join(':'));
  const wire = physicalNetwork === null ? TUNNELLED : trait('PHYSNET', physicalNetwork);
  const resources = Object.fromEntries(
    promises.map((rule) => [CLASSES[rule.direction] ?? '', rule.min_kbps ?? 0]),
  );
  return {
    request_groups: [{ id, required: [wire, trait('VNIC_TYPE', port.vnicType)], resources }],
    same_subtree: [id],
  };
};

const firstPhysicalNetworks = async (
  reader: Reader,
  networkIds: readonly string[],
): Promise<ReadonlyMap<string, string | null>> => {
  const rows = await reader.query
    .selectFrom('network_segments')
    .select(['network_id', 'physical_network'])
    .where('network_id', 'in', eachOf(networkIds))
    .where('is_dynamic', '=', 0)
    .orderBy('segment_index', 'desc')
    .execute();
  return new Map(rows.map((row) => [row.network_id, row.physical_network]));
};

/**
 * What ports ask of Placement, by port id: the bandwidth that their policies promise, on the first segment's physical
 * network. A port without a promise has no entry. No query without a policy, two at most.
 */
export const resourceRequestsOf = async (
  reader: Reader,
  ports: readonly RequestingPort[],
): Promise<ReadonlyMap<string, ResourceRequest>> => {
  const policies = [...new Set(ports.flatMap((port) => port.policyId ?? []))];
  if (policies.length === 0) return new Map();
  const rules = await reader.query
    .selectFrom('qos_rules')
    .select(['id', 'qos_policy_id', 'direction', 'min_kbps'])
    .where('qos_policy_id', 'in', eachOf(policies))
    .where('type', '=', 'minimum_bandwidth')
    .orderBy('id')
    .execute();
  const promises = Map.groupBy(rules, (rule) => rule.qos_policy_id);
  const asking = ports.filter((port) => promises.has(port.policyId ?? ''));
  if (asking.length === 0) return new Map();
  const networks = await firstPhysicalNetworks(reader, [...new Set(asking.map((port) => port.networkId))]);
  return new Map(
    asking.map((port) => [
      port.id,
      requestOf(port, promises.get(port.policyId ?? '') ?? [], networks.get(port.networkId) ?? null),
    ]),
  );
};
