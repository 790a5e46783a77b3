import { ApiError, type Subnet } from '@ovenbird/api';
import { eachOf } from '../../db/query/each-of.ts';
import { EXTERNAL } from '../../db/query/literals.ts';
import type { WriteStep } from '../../engine/contract.ts';
import { ROUTER_GATEWAY } from '../../ipam/device-owner.ts';
import { isAutoAddress } from '../../ipam/ipam-subnet.ts';
import { subnetsByNetwork } from '../port/network-subnets.ts';
import type { RouterDependencies } from './dependencies.ts';
import { changeGatewayAddresses } from './gateways.ts';
import { reviseRouter } from './revise.ts';
import { type GatewayPort, gatewayPortsOf, loadRouters } from './store.ts';

/** Routers that have a gateway in the network. */
const routersThrough = async ({ tx }: WriteStep, networkId: string): Promise<readonly string[]> => {
  const rows = await tx.query
    .selectFrom('ports')
    .innerJoin('router_ports', 'router_ports.port_id', 'ports.id')
    .select('router_ports.router_id')
    .distinct()
    .where('ports.network_id', '=', networkId)
    .where('ports.device_owner', '=', ROUTER_GATEWAY)
    .execute();
  return rows.map((row) => row.router_id);
};

/** The subnets beside the new one that make its address needless: of its IP version, but none with automatic addresses. */
const servingAlready = async (
  { tx }: WriteStep,
  { network_id: networkId, ip_version: version }: Subnet,
): Promise<ReadonlySet<string>> => {
  const subnets = (await subnetsByNetwork(tx, [networkId])).get(networkId) ?? [];
  return new Set(subnets.flatMap((one) => (one.version === version && !one.autoAddress ? [one.id] : [])));
};

/** Give one gateway an address in the subnet; false where there is none left, which is no fault of the subnet. */
const extend = async (
  deps: Pick<RouterDependencies, 'ports'>,
  step: WriteStep,
  gateway: GatewayPort,
  subnet: Subnet,
): Promise<boolean> => {
  try {
    return await changeGatewayAddresses(deps, step, gateway, [...gateway.fixedIps, { subnet_id: subnet.id }]);
  } catch (error) {
    if (error instanceof ApiError && error.status === 409) return false;
    throw error;
  }
};

const follow = async (
  deps: Pick<RouterDependencies, 'ports'>,
  step: WriteStep,
  subnet: Subnet,
): Promise<void> => {
  const ids = await routersThrough(step, subnet.network_id);
  if (ids.length === 0) return;
  const gateways = await gatewayPortsOf(step.tx, ids);
  const serving = await servingAlready(step, subnet);
  for (const router of await loadRouters(step.tx, ids)) {
    const lacking = (gateways.get(router.id) ?? []).filter(
      ({ networkId, fixedIps }) =>
        networkId === subnet.network_id && !fixedIps.some((ip) => serving.has(ip.subnet_id)),
    );
    let changed = false;
    for (const gateway of lacking) if (await extend(deps, step, gateway, subnet)) changed = true;
    if (changed) await reviseRouter(step, router);
  }
};

/**
 * Gateways in a network get an address in its new subnets, where they have none of that IP version but automatic ones,
 * which subnets give by themselves.
 */
export const followSubnets = async (
  deps: Pick<RouterDependencies, 'ports'>,
  step: WriteStep,
  subnets: readonly Subnet[],
): Promise<void> => {
  const external = await step.tx.query
    .selectFrom('networks')
    .select('id')
    .where('id', 'in', eachOf(subnets.map((subnet) => subnet.network_id)))
    .where('external', '=', EXTERNAL)
    .execute();
  for (const subnet of subnets) {
    if (!external.some((network) => network.id === subnet.network_id)) continue;
    if (!isAutoAddress(subnet.ipv6_ra_mode, subnet.ipv6_address_mode)) await follow(deps, step, subnet);
  }
};
