import { type AllocationPool, BadRequest, type Port, parseIp } from '@ovenbird/api';
import type { WriteStep } from '../../engine/contract.ts';
import type { InterfaceSubnet } from './interface-subnet.ts';

const isIn = (pools: readonly AllocationPool[], address: string): boolean => {
  const ip = parseIp(address);
  return (
    ip !== undefined &&
    pools.some(({ start, end }) => {
      const first = parseIp(start);
      const last = parseIp(end);
      return first !== undefined && last !== undefined && first.value <= ip.value && ip.value <= last.value;
    })
  );
};

/**
 * Throws ApiError 400 where somebody but an administrator would route with an address outside the pools of a subnet of
 * another project.
 */
export const checkInPools = (
  { isAdmin, context }: WriteStep,
  port: Port,
  subnets: readonly InterfaceSubnet[],
): void => {
  if (isAdmin) return;
  for (const { subnet_id: id, ip_address: address } of port.fixed_ips) {
    const subnet = subnets.find((one) => one.id === id);
    if (subnet === undefined || subnet.projectId === context.projectId) continue;
    // The column holds JSON that this program wrote from pools.
    if (isIn(JSON.parse(subnet.allocationPools) as readonly AllocationPool[], address)) continue;
    const msg =
      `Cannot add interface to router because specified port ${port.id} has an IP address out of the ` +
      `allocation pool of subnet ${id}, which is not owned by the project making the request`;
    throw BadRequest({ resource: 'router', msg });
  }
};
