import type { FixedIp, Port, Subnet } from '@ovenbird/api';
import { ipFromValue } from '@ovenbird/api';
import { eachOf } from '../../db/query/each-of.ts';
import type { WriteStep } from '../../engine/contract.ts';
import { type Allocation, insertAllocations } from '../../ipam/allocations.ts';
import { isRouterInternal } from '../../ipam/device-owner.ts';
import { eui64Address } from '../../ipam/eui64.ts';
import { type IpamSubnet, subnetsServing } from '../../ipam/ipam-subnet.ts';
import { revisePorts } from '../../ml2/binding.ts';
import { isRouted, segmentsOfHosts } from '../port/routed-subnets.ts';
import { portsById } from '../port/store.ts';

/** Record ports whose addresses changed, with one revision more; their rows are revised here. */
const recordAddresses = async (
  { tx, changes }: WriteStep,
  ports: readonly Port[],
  addresses: (port: Port) => readonly FixedIp[],
): Promise<void> => {
  if (ports.length === 0) return;
  await revisePorts(
    tx,
    ports.map((port) => port.id),
  );
  for (const original of ports) {
    const current = {
      ...original,
      fixed_ips: addresses(original),
      updated_at: tx.now,
      revision_number: original.revision_number + 1,
    };
    changes.record({ kind: 'port', action: 'update', id: original.id, original, current });
  }
};

const lastPositions = async (
  { tx }: WriteStep,
  networkIds: readonly string[],
): Promise<ReadonlyMap<string, number>> => {
  const rows = await tx.query
    .selectFrom('ip_allocations')
    .select(['port_id', (eb) => eb.fn.max('position').as('last')])
    .where('network_id', 'in', eachOf(networkIds))
    .groupBy('port_id')
    .execute();
  return new Map(rows.map((row) => [row.port_id, Number(row.last)]));
};

const portIdsIn = async ({ tx }: WriteStep, networkIds: readonly string[]): Promise<readonly string[]> => {
  const rows = await tx.query
    .selectFrom('ports')
    .select('id')
    .where('network_id', 'in', eachOf(networkIds))
    .execute();
  return rows.map((row) => row.id);
};

/**
 * Give every port of the networks its own address in new subnets with automatic addresses, as its guest will do by
 * itself. Router ports and ports that a subnet does not serve get none. A fixed number of statements.
 */
export const addAutomaticAddresses = async (
  step: WriteStep,
  subnets: readonly IpamSubnet[],
): Promise<void> => {
  const automatic = subnets.filter((subnet) => subnet.autoAddress);
  if (automatic.length === 0) return;
  const networkIds = [...new Set(automatic.map((subnet) => subnet.networkId))];
  const ports = await portsById(step.tx, await portIdsIn(step, networkIds));
  const positions = await lastPositions(step, networkIds);
  const reach = isRouted(automatic) ? await segmentsOfHosts(step.tx, networkIds) : undefined;
  const added = new Map<string, readonly Allocation[]>();
  for (const port of ports) {
    if (isRouterInternal(port.device_owner)) continue;
    const own = automatic.filter((subnet) => subnet.networkId === port.network_id);
    const host = port['binding:host_id'];
    const reached = reach?.(port.network_id, host);
    const serving = subnetsServing(own, port.device_owner).filter(
      ({ segmentId }) => segmentId === null || reached?.has(segmentId),
    );
    const first = (positions.get(port.id) ?? -1) + 1;
    const allocations = serving.map(
      ({ id, cidr }, index): Allocation => ({
        portId: port.id,
        networkId: port.network_id,
        subnetId: id,
        version: 6,
        address: eui64Address(cidr, port.mac_address).value,
        position: first + index,
      }),
    );
    if (allocations.length > 0) added.set(port.id, allocations);
  }
  await insertAllocations(step.tx, [...added.values()].flat());
  const touched = ports.filter((port) => added.has(port.id));
  await recordAddresses(step, touched, (port) => [
    ...port.fixed_ips,
    ...(added.get(port.id) ?? []).map(({ subnetId, version, address }) => ({
      subnet_id: subnetId,
      ip_address: ipFromValue(version, address).text,
    })),
  ]);
};

/** Take all addresses of a subnet from the ports that have them; whether that may be is for the caller to check. */
export const removeAddresses = async (step: WriteStep, { id }: Pick<Subnet, 'id'>): Promise<void> => {
  const rows = await step.tx.query
    .selectFrom('ip_allocations')
    .select('port_id')
    .distinct()
    .where('subnet_id', '=', id)
    .execute();
  if (rows.length === 0) return;
  const ports = await portsById(
    step.tx,
    rows.map((row) => row.port_id),
  );
  await step.tx.query.deleteFrom('ip_allocations').where('subnet_id', '=', id).execute();
  await recordAddresses(step, ports, (port) => port.fixed_ips.filter((ip) => ip.subnet_id !== id));
};
