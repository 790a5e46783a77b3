import { BadRequest, type FixedIp, PortNotFound, parseIp } from '@ovenbird/api';
import type { WriteStep } from '../../engine/contract.ts';
import { isOutOfReach } from '../../ipam/device-owner.ts';

/** The port inside that a floating IP, or some ports of one, is to lead to. */
export interface InnerPort {
  readonly id: string;
  readonly projectId: string;
  readonly networkId: string;
  readonly deviceOwner: string;
  /** In the order of its `fixed_ips`. */
  readonly ipv4: readonly FixedIp[];
}

/** A port as far as the caller may see it: its own, or one in a network of its own. Two queries. Throws PortNotFound. */
export const visibleInnerPort = async (step: WriteStep, id: string): Promise<InnerPort> => {
  const { tx, context, isAdmin } = step;
  const row = await tx.query
    .selectFrom('ports')
    .innerJoin('networks', 'networks.id', 'ports.network_id')
    .select(['ports.project_id', 'ports.network_id', 'ports.device_owner'])
    .select('networks.project_id as network_owner')
    .where('ports.id', '=', id)
    .executeTakeFirst();
  const seen =
    row !== undefined &&
    (isAdmin || row.project_id === context.projectId || row.network_owner === context.projectId);
  if (!seen) throw PortNotFound({ id });
  const addresses = await tx.query
    .selectFrom('ip_allocations')
    .select(['subnet_id', 'ip_address'])
    .where('port_id', '=', id)
    .orderBy('position')
    .orderBy('ip_sort')
    .execute();
  return {
    id,
    projectId: row.project_id,
    networkId: row.network_id,
    deviceOwner: row.device_owner,
    ipv4: addresses.filter((ip) => parseIp(ip.ip_address)?.version === 4),
  };
};

/**
 * The address of a port that a floating IP is to lead to.
 *
 * @param wanted undefined: the only one that the port has
 * @throws ApiError BadRequest where the port has no such address, none, or several to choose from
 */
export const addressMeant = (port: InnerPort, wanted: string | undefined): FixedIp => {
  const bad = (msg: string) => BadRequest({ resource: 'floatingip', msg });
  if (isOutOfReach(port.deviceOwner)) throw bad(`Port ${port.id} is unable to be assigned a floating IP`);
  if (wanted !== undefined) {
    if (parseIp(wanted)?.version !== 4) {
      throw bad(`Cannot process floating IP association with ${wanted}, since that is not an IPv4 address`);
    }
    const found = port.ipv4.find((ip) => ip.ip_address === wanted);
    if (found === undefined) throw bad(`Port ${port.id} does not have fixed ip ${wanted}`);
    return found;
  }
  const [only, another] = port.ipv4;
  if (only === undefined)
    throw bad(`Cannot add floating IP to port ${port.id} that has no fixed IPv4 addresses`);
  if (another !== undefined) {
    throw bad(
      `Port ${port.id} has multiple fixed IPv4 addresses.  ` +
        'Must provide a specific IPv4 address when assigning a floating IP',
    );
  }
  return only;
};
