import {
  BadRequest,
  ExternalGatewayForFloatingIPNotFound,
  FloatingIPPortAlreadyAssociated,
  PortHasPortForwarding,
} from '@ovenbird/api';
import type { Reader } from '../../db/database.ts';
import type { WriteStep } from '../../engine/contract.ts';
import { addressMeant, visibleInnerPort } from './inner-port.ts';
import { reachableRouter } from './reachable-router.ts';

/** The floating IP that is to be associated. */
export interface Associated {
  readonly id: string;
  readonly projectId: string;
  readonly address: string;
  readonly networkId: string;
}

/** Columns that say what a floating IP leads to. It is ACTIVE while it leads anywhere. */
export interface Association {
  readonly fixed_port_id: string | null;
  readonly fixed_ip_address: string | null;
  readonly router_id: string | null;
  readonly status: 'ACTIVE' | 'DOWN';
}

export const NOT_ASSOCIATED: Association = {
  fixed_port_id: null,
  fixed_ip_address: null,
  router_id: null,
  status: 'DOWN',
};

const checkFree = async (reader: Reader, fip: Associated, portId: string, fixedIp: string): Promise<void> => {
  const other = await reader.query
    .selectFrom('floating_ips')
    .select('id')
    .where('fixed_port_id', '=', portId)
    .where('fixed_ip_address', '=', fixedIp)
    .where('floating_network_id', '=', fip.networkId)
    .where('id', '!=', fip.id)
    .executeTakeFirst();
  if (other === undefined) return;
  throw FloatingIPPortAlreadyAssociated({
    id: fip.id,
    address: fip.address,
    portId,
    fixedIp,
    networkId: fip.networkId,
  });
};

const checkNotForwarded = async (reader: Reader, portId: string): Promise<void> => {
  const forwarded = await reader.query
    .selectFrom('port_forwardings')
    .select('id')
    .where('internal_port_id', '=', portId)
    .limit(1)
    .executeTakeFirst();
  if (forwarded !== undefined) throw PortHasPortForwarding({ portId });
};

/**
 * Work out what a floating IP leads to when it is given a port. A fixed number of queries.
 *
 * @param fixedIp undefined: the only IPv4 address of the port
 * @param distributed whether floating IPs are on the host of the machine
 * @throws ApiError PortNotFound, BadRequest, ExternalGatewayForFloatingIPNotFound, FloatingIPPortAlreadyAssociated,
 *   PortHasPortForwarding
 */
export const associate = async (
  step: WriteStep,
  fip: Associated,
  portId: string,
  fixedIp: string | undefined,
  distributed: boolean,
): Promise<Association> => {
  const port = await visibleInnerPort(step, portId);
  if (port.projectId !== fip.projectId && !step.isAdmin) {
    const msg =
      `Cannot process floating IP association with Port ${portId}, ` +
      'since that port is owned by a different project';
    throw BadRequest({ resource: 'floatingip', msg });
  }
  if (distributed) await checkNotForwarded(step.tx, portId);
  const { subnet_id: subnetId, ip_address: address } = addressMeant(port, fixedIp);
  const inner = { networkId: port.networkId, subnetId };
  const routerId = await reachableRouter(step.tx, inner, fip.networkId);
  if (routerId === undefined)
    throw ExternalGatewayForFloatingIPNotFound({ subnetId, networkId: fip.networkId, portId });
  await checkFree(step.tx, fip, portId, address);
  return { fixed_port_id: portId, fixed_ip_address: address, router_id: routerId, status: 'ACTIVE' };
};
