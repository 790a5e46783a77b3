import { type FixedIp, ipFromValue, type Port } from '@ovenbird/api';
import type { Transaction } from '../../db/database.ts';
import type { Flag, PortsTable } from '../../db/tables.ts';
import type { WriteStep } from '../../engine/contract.ts';
import { allocateAddresses, type PortWants } from '../../ipam/allocate.ts';
import type { Allocation } from '../../ipam/allocations.ts';
import { FLOATING_IP } from '../../ipam/device-owner.ts';
import type { Random } from '../../ipam/random.ts';
import { initialBinding } from '../../ml2/binding-state.ts';
import { flagOf } from '../columns.ts';
import { insertRows } from '../insert.ts';
import { assignToPorts } from '../qos/assignment.ts';
import { resourceRequestsOf } from '../qos/resource-request.ts';
import { completePairs, pairRows } from './address-pairs.ts';
import type { PortBody } from './bodies.ts';
import { mergeDhcpOptions } from './dhcp-options.ts';
import type { PortNames } from './dns.ts';
import { lostRace } from './lost-race.ts';
import { portOf, UNBOUND } from './store.ts';
import { newTraits, traitsText } from './traits.ts';

/** A port that is about to be stored: the request with everything decided. */
export interface PortDraft {
  readonly id: string;
  readonly projectId: string;
  readonly body: PortBody;
  readonly macAddress: string;
  readonly names: PortNames;
  readonly portSecurityEnabled: boolean;
  readonly securityGroups: readonly string[];
  /** Policy of quality of service of its network. */
  readonly networkPolicy: string | null;
  /** Its addresses wait for its host. */
  readonly deferred: boolean;
  /** The addresses it is to get. */
  readonly wants: PortWants;
}

const fixedIpOf = ({ subnetId, version, address }: Allocation): FixedIp => ({
  subnet_id: subnetId,
  ip_address: ipFromValue(version, address).text,
});

const requestsOf = (tx: Transaction, drafts: readonly PortDraft[]) =>
  resourceRequestsOf(
    tx,
    drafts.map(({ id, body, networkPolicy }) => ({
      id,
      networkId: body.network_id,
      vnicType: body['binding:vnic_type'],
      policyId: body.qos_policy_id ?? networkPolicy,
    })),
  );

const rowOf = (draft: PortDraft, now: string): PortsTable => {
  const { body } = draft;
  const addressless = body.fixed_ips !== undefined && body.fixed_ips.length === 0;
  const up: Flag = flagOf(body.admin_state_up);
  return {
    id: draft.id,
    project_id: draft.projectId,
    name: body.name,
    description: body.description,
    network_id: body.network_id,
    mac_address: draft.macAddress,
    admin_state_up: up,
    // A port that only holds a floating address is never plugged.
    status: body.device_owner === FLOATING_IP ? 'N/A' : 'DOWN',
    device_id: body.device_id,
    device_owner: body.device_owner,
    port_security_enabled: flagOf(draft.portSecurityEnabled),
    extra_dhcp_opts: JSON.stringify(mergeDhcpOptions([], body.extra_dhcp_opts)),
    ip_allocation: addressless ? 'none' : draft.deferred ? 'deferred' : 'immediate',
    ...draft.names,
    traits: traitsText(newTraits(body)),
    created_at: now,
    updated_at: now,
    revision_number: 1,
  };
};

/** Ports and their addresses, by port id: what has a key that others may take first. */
const storeRows = async (
  tx: Transaction,
  rows: readonly PortsTable[],
  wants: readonly PortWants[],
  random: Random,
): Promise<ReadonlyMap<string, readonly Allocation[]>> => {
  try {
    await insertRows(tx, 'ports', rows);
    return Map.groupBy(await allocateAddresses(tx, wants, random), ({ portId }) => portId);
  } catch (error) {
    throw lostRace(error);
  }
};

/** Store any number of new ports, one statement a table, and record them. */
export const storeDrafts = async (
  step: WriteStep,
  drafts: readonly PortDraft[],
  random: Random,
): Promise<readonly Port[]> => {
  const { tx, changes } = step;
  const stored = drafts.map((draft) => ({
    draft,
    row: rowOf(draft, tx.now),
    pairs: completePairs(draft.body.allowed_address_pairs ?? [], draft.macAddress),
    tags: [...new Set(draft.body.tags)].sort(),
    groups: [...draft.securityGroups].sort(),
  }));
  const allocations = await storeRows(
    tx,
    stored.map(({ row }) => row),
    drafts.map((draft) => draft.wants),
    random,
  );
  await insertRows(
    tx,
    'port_bindings',
    drafts.map(({ id, body }) => initialBinding(id, body)),
  );
  await insertRows(
    tx,
    'port_security_groups',
    stored.flatMap(({ draft, groups }) => groups.map((id) => ({ port_id: draft.id, security_group_id: id }))),
  );
  await insertRows(
    tx,
    'allowed_address_pairs',
    stored.flatMap(({ draft, pairs }) => pairRows(draft.id, draft.body.network_id, pairs)),
  );
  await assignToPorts(
    step,
    drafts.map(({ id, body }) => ({ id, policyId: body.qos_policy_id })),
  );
  await insertRows(
    tx,
    'tags',
    stored.flatMap(({ draft, tags }) => tags.map((tag) => ({ object_id: draft.id, tag }))),
  );
  const requests = await requestsOf(tx, drafts);
  const ports = stored.map(({ draft, row, pairs, tags, groups }) =>
    portOf(row, {
      fixedIps: (allocations.get(draft.id) ?? []).map(fixedIpOf),
      securityGroups: groups,
      allowedAddressPairs: pairs,
      binding: {
        ...UNBOUND,
        host: draft.body['binding:host_id'] ?? '',
        vnicType: draft.body['binding:vnic_type'],
        profile: draft.body['binding:profile'] ?? {},
      },
      trunk: undefined,
      qos: { own: draft.body.qos_policy_id, network: draft.networkPolicy },
      resourceRequest: requests.get(draft.id),
      tags,
    }),
  );
  for (const port of ports) changes.record({ kind: 'port', action: 'create', id: port.id, current: port });
  return ports;
};
