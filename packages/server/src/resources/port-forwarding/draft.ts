import {
  BadRequest,
  type FixedIp,
  type FloatingIp,
  type PortForwarding,
  PortHasBindingFloatingIP,
  parseIp,
} from '@ovenbird/api';
import type { WriteStep } from '../../engine/contract.ts';
import { isOutOfReach } from '../../ipam/device-owner.ts';
import { type InnerPort, visibleInnerPort } from '../floating-ip/inner-port.ts';
import { reachableRouter } from '../floating-ip/reachable-router.ts';
import { checkApart, type Ranges } from './ranges.ts';

/** A port forwarding as it is to be stored. */
export interface ForwardingDraft extends Ranges {
  readonly id: string;
  readonly protocol: PortForwarding['protocol'];
  readonly internalPortId: string;
  /** undefined: the first IPv4 address of the port. */
  readonly internalIp: string | undefined;
}

const bad = (msg: string) => BadRequest({ resource: 'port_forwarding', msg });

const addressIn = (port: InnerPort, wanted: string | undefined): FixedIp => {
  if (isOutOfReach(port.deviceOwner))
    throw bad(`Port ${port.id} belongs to a service, so that no ports can be forwarded to it`);
  const [first] = port.ipv4;
  if (first === undefined)
    throw bad(`Requested internal port ${port.id} must allocate an IPv4 address at least.`);
  if (wanted === undefined) return first;
  const found = port.ipv4.find((ip) => ip.ip_address === parseIp(wanted)?.text);
  if (found !== undefined) return found;
  const shown = port.ipv4.map((ip) => ip.ip_address).join(', ');
  throw bad(
    `Requested internal IP address ${wanted} is not suitable for internal neutron port ${port.id}, ` +
      `as its fixed_ips are ${shown}`,
  );
};

const checkPortFree = async ({ tx }: WriteStep, portId: string, fixedIp: string): Promise<void> => {
  const fip = await tx.query
    .selectFrom('floating_ips')
    .select(['id', 'floating_ip_address'])
    .where('fixed_port_id', '=', portId)
    .limit(1)
    .executeTakeFirst();
  if (fip !== undefined)
    throw PortHasBindingFloatingIP({ id: fip.id, address: fip.floating_ip_address, portId, fixedIp });
};

const checkCollisions = async (
  { tx }: WriteStep,
  fipId: string,
  draft: ForwardingDraft,
  internalIp: string,
): Promise<void> => {
  const rows = await tx.query
    .selectFrom('port_forwardings')
    .selectAll()
    .where('protocol', '=', draft.protocol)
    .where('id', '!=', draft.id)
    .where((eb) =>
      eb.or([eb('floatingip_id', '=', fipId), eb('internal_port_id', '=', draft.internalPortId)]),
    )
    .execute();
  const sameTarget = rows.filter(
    (row) => row.internal_port_id === draft.internalPortId && row.internal_ip_address === internalIp,
  );
  checkApart(
    'internal_port_range',
    draft.internal,
    sameTarget.map((row) => ({ first: row.internal_port_start, last: row.internal_port_end })),
  );
  const sameSource = rows.filter((row) => row.floatingip_id === fipId);
  checkApart(
    'external_port_range',
    draft.external,
    sameSource.map((row) => ({ first: row.external_port_start, last: row.external_port_end })),
  );
};

const routerFor = async (
  { tx }: WriteStep,
  fip: FloatingIp,
  port: InnerPort,
  subnetId: string,
): Promise<string> => {
  const networkId = fip.floating_network_id;
  const routerId = await reachableRouter(tx, { networkId: port.networkId, subnetId }, networkId);
  if (routerId === undefined) {
    throw bad(
      `External network ${networkId} is not reachable from subnet ${subnetId}. Cannot set ` +
        `Port forwarding for port ${port.id} with Floating IP ${fip.id}`,
    );
  }
  if (fip.router_id !== null && fip.router_id !== routerId) {
    throw bad(
      `The Floating IP ${fip.id} had been set on router ${fip.router_id}, ` +
        `the internal Neutron port ${port.id} can not reach it`,
    );
  }
  return routerId;
};

/**
 * Check a port forwarding of a floating IP.
 *
 * @returns the address inside, and the router between
 * @throws ApiError PortNotFound, PortHasBindingFloatingIP, BadRequest
 */
export const checkForwarding = async (
  step: WriteStep,
  fip: FloatingIp,
  draft: ForwardingDraft,
): Promise<{ readonly internalIp: string; readonly routerId: string }> => {
  const port = await visibleInnerPort(step, draft.internalPortId);
  const address = addressIn(port, draft.internalIp);
  await checkCollisions(step, fip.id, draft, address.ip_address);
  await checkPortFree(step, port.id, address.ip_address);
  const routerId = await routerFor(step, fip, port, address.subnet_id);
  return { internalIp: address.ip_address, routerId };
};
