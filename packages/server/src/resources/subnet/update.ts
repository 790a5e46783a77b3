import { GatewayIpInUse, type Subnet, type subnet as subnetDefinition, type UpdateOf } from '@ovenbird/api';
import type { Reader } from '../../db/database.ts';
import type { WriteStep } from '../../engine/contract.ts';
import { ROUTER_INTERFACES } from '../../ipam/device-owner.ts';
import { poolsOf } from '../../ipam/pools.ts';
import { addressChangedSubnet } from '../../ipam/subnet-rules.ts';
import { flagOf } from '../columns.ts';
import type { SubnetDependencies } from './dependencies.ts';
import { revisingNetworks } from './network-revision.ts';
import { followPeers, mayHavePeers, ownRoutes, withPeerRoutes } from './peer-routes.ts';
import { checkMovedSegment } from './segment-check.ts';
import { subnetsOfNetwork } from './store.ts';

type SubnetUpdate = UpdateOf<typeof subnetDefinition>;

/** Throws GatewayIpInUse where a router has the gateway's address: its guests would lose their way out. */
const checkGatewayUnused = async (reader: Reader, subnet: Subnet): Promise<void> => {
  if (subnet.gateway_ip === null) return;
  const holder = await reader.query
    .selectFrom('ip_allocations')
    .innerJoin('ports', 'ports.id', 'ip_allocations.port_id')
    .select('ports.id')
    .where('ip_allocations.subnet_id', '=', subnet.id)
    .where('ip_allocations.ip_address', '=', subnet.gateway_ip)
    .where('ports.device_owner', 'in', ROUTER_INTERFACES)
    .executeTakeFirst();
  if (holder !== undefined) throw GatewayIpInUse({ ip: subnet.gateway_ip, portId: holder.id });
};

const store = async ({ tx }: WriteStep, subnet: Subnet): Promise<void> => {
  await tx.query
    .updateTable('subnets')
    .set({
      name: subnet.name,
      description: subnet.description,
      gateway_ip: subnet.gateway_ip,
      enable_dhcp: flagOf(subnet.enable_dhcp),
      allocation_pools: JSON.stringify(subnet.allocation_pools),
      dns_nameservers: JSON.stringify(subnet.dns_nameservers),
      host_routes: JSON.stringify(subnet.host_routes),
      service_types: JSON.stringify(subnet.service_types),
      segment_id: subnet.segment_id,
      dns_publish_fixed_ip: flagOf(subnet.dns_publish_fixed_ip),
      updated_at: subnet.updated_at,
      revision_number: subnet.revision_number,
    })
    .where('id', '=', subnet.id)
    .execute();
};

const changed = (deps: SubnetDependencies, current: Subnet, body: SubnetUpdate): Subnet => {
  const addressing = addressChangedSubnet(current, body, deps.config);
  return {
    ...current,
    name: body.name ?? current.name,
    description: body.description ?? current.description,
    gateway_ip: addressing.gateway?.text ?? null,
    enable_dhcp: body.enable_dhcp ?? current.enable_dhcp,
    allocation_pools: poolsOf(addressing.pools),
    dns_nameservers: body.dns_nameservers ?? current.dns_nameservers,
    host_routes: body.host_routes ?? current.host_routes,
    service_types: body.service_types ?? current.service_types,
    segment_id: body.segment_id === undefined ? current.segment_id : body.segment_id,
    dns_publish_fixed_ip: body.dns_publish_fixed_ip ?? current.dns_publish_fixed_ip,
  };
};

const otherSubnets = async (reader: Reader, { id, network_id: networkId }: Subnet) =>
  (await subnetsOfNetwork(reader, networkId)).filter((other) => other.id !== id);

/** `current` as the request wants it, with routes to its peers and those among its siblings that were there before. */
const changedAmong = (
  deps: SubnetDependencies,
  current: Subnet,
  body: SubnetUpdate,
  siblings: readonly Subnet[],
): Subnet => {
  if (siblings.length === 0) return changed(deps, current, body);
  // What is computed does not count against the limit of routes.
  const own = ownRoutes({ ...current, host_routes: body.host_routes ?? current.host_routes }, siblings);
  const next = changed(deps, current, { ...body, host_routes: own });
  return { ...next, host_routes: withPeerRoutes(next, siblings) };
};

/**
 * Update one subnet. An update that changes nothing leaves revision and time stamp alone.
 *
 * @throws ApiError as the rules of subnets say; nothing is stored then
 */
export const updateSubnet = async (
  deps: SubnetDependencies,
  step: WriteStep,
  current: Subnet,
  body: SubnetUpdate,
): Promise<Subnet> => {
  const { tx, changes } = step;
  const followed = mayHavePeers(current) || typeof body.segment_id === 'string';
  const siblings = followed ? await otherSubnets(tx, current) : [];
  const next = changedAmong(deps, current, body, siblings);
  const requested = { ...body };
  await deps.extensions.subnet(
    { action: 'update', original: current, requested, values: {}, reader: tx },
    tx,
  );
  await checkMovedSegment(tx, current, next.segment_id);
  if (next.gateway_ip !== current.gateway_ip) await checkGatewayUnused(tx, current);
  if (JSON.stringify(next) === JSON.stringify(current)) return current;
  const revised = { ...next, updated_at: tx.now, revision_number: current.revision_number + 1 };
  await revisingNetworks(deps, step, [current.network_id], () => store(step, revised));
  changes.record({ kind: 'subnet', action: 'update', id: current.id, original: current, current: revised });
  await followPeers(step, siblings, { came: [revised] });
  await deps.metadataPorts?.adjust(step, current.network_id);
  return revised;
};
