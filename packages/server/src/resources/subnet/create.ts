import {
  type CreateOf,
  InvalidInput,
  NetworkMTUSubnetConflict,
  overlaps,
  type Subnet,
  type subnet as subnetDefinition,
} from '@ovenbird/api';
import type { SubnetsTable } from '../../db/tables.ts';
import type { WriteStep } from '../../engine/contract.ts';
import { ipamSubnet, storedCidr } from '../../ipam/ipam-subnet.ts';
import { poolsOf } from '../../ipam/pools.ts';
import { addressNewSubnet } from '../../ipam/subnet-rules.ts';
import { flagOf } from '../columns.ts';
import { insertRows } from '../insert.ts';
import { subnetsByNetwork } from '../port/network-subnets.ts';
import { checkOnePool } from '../subnetpool/affinity.ts';
import { type AllocatedPrefix, createPrefixAllocator } from '../subnetpool/allocate.ts';
import { networkIn, type UsableNetwork, usableNetworks } from '../usable-networks.ts';
import type { SubnetDependencies } from './dependencies.ts';
import { revisingNetworks } from './network-revision.ts';
import { followPeers, mayHavePeers, siblingsOf, withPeerRoutes } from './peer-routes.ts';
import { addAutomaticAddresses } from './port-addresses.ts';
import { checkNewSegments } from './segment-check.ts';
import { subnetOf } from './store.ts';

type SubnetBody = CreateOf<typeof subnetDefinition>;

/** Least MTU that IPv4 (RFC 791) and IPv6 (RFC 8200) need, octets. */
const MINIMUM_MTU = { 4: 68, 6: 1280 } as const;

const checkMtu = (network: UsableNetwork, version: 4 | 6): void => {
  if (network.mtu === 0 || network.mtu >= MINIMUM_MTU[version]) return;
  throw NetworkMTUSubnetConflict({ id: network.id, mtu: MINIMUM_MTU[version] });
};

const rowOf = (
  deps: SubnetDependencies,
  step: WriteStep,
  body: SubnetBody,
  prefix: AllocatedPrefix,
): SubnetsTable => {
  const addressing = addressNewSubnet(
    {
      ip_version: body.ip_version,
      cidr: prefix.cidr,
      gateway_ip: prefix.gatewayIp,
      allocation_pools: body.allocation_pools,
      enable_dhcp: body.enable_dhcp,
      dns_nameservers: body.dns_nameservers ?? [],
      host_routes: body.host_routes ?? [],
      ipv6_ra_mode: body.ipv6_ra_mode ?? null,
      ipv6_address_mode: body.ipv6_address_mode ?? null,
    },
    deps.config,
  );
  return {
    id: deps.ids.uuid(),
    project_id: body.project_id ?? step.context.projectId,
    name: body.name,
    description: body.description,
    network_id: body.network_id,
    ip_version: body.ip_version,
    cidr: addressing.cidr.canonical,
    gateway_ip: addressing.gateway?.text ?? null,
    enable_dhcp: flagOf(body.enable_dhcp),
    ipv6_ra_mode: body.ipv6_ra_mode ?? null,
    ipv6_address_mode: body.ipv6_address_mode ?? null,
    subnetpool_id: prefix.poolId,
    segment_id: body.segment_id,
    allocation_pools: JSON.stringify(poolsOf(addressing.pools)),
    dns_nameservers: JSON.stringify(body.dns_nameservers ?? []),
    host_routes: JSON.stringify(body.host_routes ?? []),
    service_types: JSON.stringify(body.service_types ?? []),
    dns_publish_fixed_ip: flagOf(body.dns_publish_fixed_ip),
    created_at: step.tx.now,
    updated_at: step.tx.now,
    revision_number: 1,
  };
};

/** Throws InvalidInput where two prefixes of a network share addresses, in SQL or in the request itself. */
const checkOverlap = async ({ tx }: WriteStep, rows: readonly SubnetsTable[]): Promise<void> => {
  const existing = await subnetsByNetwork(tx, [...new Set(rows.map((row) => row.network_id))]);
  const known = new Map([...existing].map(([id, subnets]) => [id, subnets.map((subnet) => subnet.cidr)]));
  for (const row of rows) {
    const cidr = storedCidr(row.cidr);
    const others = known.get(row.network_id) ?? [];
    if (others.some((other) => overlaps(other, cidr))) {
      const message = `Requested subnet with cidr: ${row.cidr} for network: ${row.network_id} overlaps with another subnet`;
      throw InvalidInput({ message });
    }
    known.set(row.network_id, [...others, cidr]);
  }
};

/** New rows with the routes to their peers; the subnets that are there already lead to them, too. */
const withRoutes = async (
  step: WriteStep,
  rows: readonly SubnetsTable[],
): Promise<readonly SubnetsTable[]> => {
  const drafts = rows.map((row) => subnetOf(row, { shared: false, external: false }, []));
  const concerned = drafts.filter(mayHavePeers).map((draft) => draft.network_id);
  if (concerned.length === 0) return rows;
  const present = await siblingsOf(step.tx, concerned);
  const cameTo = Map.groupBy(drafts, (draft) => draft.network_id);
  for (const [id, siblings] of present) await followPeers(step, siblings, { came: cameTo.get(id) ?? [] });
  return rows.map((row, index) => {
    const draft = drafts[index];
    const siblings = present.get(row.network_id);
    if (draft === undefined || siblings === undefined) return row;
    const all = [...siblings, ...(cameTo.get(row.network_id) ?? [])];
    return { ...row, host_routes: JSON.stringify(withPeerRoutes(draft, all)) };
  });
};

/**
 * Create any number of subnets, one insert for all. Ports of their networks get their automatic addresses.
 *
 * @throws ApiError as the rules of subnets say; nothing is stored then
 */
export const createSubnets = async (
  deps: SubnetDependencies,
  step: WriteStep,
  bodies: readonly SubnetBody[],
): Promise<readonly Subnet[]> => {
  const { tx, changes } = step;
  const networkIds = bodies.map((body) => body.network_id);
  const networks = await usableNetworks(step, networkIds);
  const allocator = createPrefixAllocator(step);
  const asked: SubnetsTable[] = [];
  for (const body of bodies) asked.push(rowOf(deps, step, body, await allocator.allocate(body)));
  await checkNewSegments(tx, asked);
  await checkOnePool(tx, asked);
  for (const row of asked) checkMtu(networkIn(networks, row.network_id), row.ip_version);
  await checkOverlap(step, asked);
  for (const body of bodies) {
    const requested = { ...body };
    await deps.extensions.subnet(
      { action: 'create', original: undefined, requested, values: {}, reader: tx },
      tx,
    );
  }
  const rows = await withRoutes(step, asked);
  await revisingNetworks(deps, step, networkIds, () => insertRows(tx, 'subnets', rows));
  const subnets = rows.map((row) => subnetOf(row, networkIn(networks, row.network_id), []));
  for (const current of subnets)
    changes.record({ kind: 'subnet', action: 'create', id: current.id, current });
  await addAutomaticAddresses(step, rows.map(ipamSubnet));
  for (const id of networks.keys()) await deps.metadataPorts?.adjust(step, id);
  await deps.added?.(step, subnets);
  return subnets;
};
