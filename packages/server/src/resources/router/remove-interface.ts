import {
  contains,
  type Port,
  parseIp,
  type Router,
  RouterInterfaceInUseByFloatingIP,
  RouterInterfaceInUseByRoute,
  RouterInterfaceNotFound,
  RouterInterfaceNotFoundForSubnet,
  SubnetMismatchForPort,
} from '@ovenbird/api';
import type { Reader } from '../../db/database.ts';
import type { WriteStep } from '../../engine/contract.ts';
import { storedCidr } from '../../ipam/ipam-subnet.ts';
import { removePorts } from '../port/delete.ts';
import { portsById } from '../port/store.ts';
import { updatePort } from '../port/update.ts';
import { ROUTER_INTERFACE } from './add-interface.ts';
import { type Attachment, attachmentsOf } from './attachments.ts';
import type { RouterDependencies } from './dependencies.ts';
import { asService } from './gateways.ts';
import { type InterfaceInfo, interfaceInfo, interfaceRequest } from './interface-body.ts';
import { visibleSubnet } from './interface-subnet.ts';
import { reviseRouter } from './revise.ts';

/**
 * Addresses inside that floating IPs of the router lead to, wholly or for some ports. Two queries that know the router only:
 * by subnet they would read every address there.
 */
const addressesLedTo = async ({ query }: Reader, routerId: string): Promise<readonly string[]> => {
  const associated = await query
    .selectFrom('floating_ips')
    .select('fixed_ip_address')
    .where('router_id', '=', routerId)
    .where('fixed_ip_address', 'is not', null)
    .execute();
  const forwarded = await query
    .selectFrom('floating_ips')
    .innerJoin('port_forwardings', 'port_forwardings.floatingip_id', 'floating_ips.id')
    .select('port_forwardings.internal_ip_address')
    .distinct()
    .where('floating_ips.router_id', '=', routerId)
    .execute();
  return [
    ...associated.flatMap((row) => row.fixed_ip_address ?? []),
    ...forwarded.map((row) => row.internal_ip_address),
  ];
};

const checkUnneeded = async (
  reader: Reader,
  router: Router,
  { subnetId, cidr }: Pick<Attachment, 'subnetId' | 'cidr'>,
): Promise<void> => {
  const prefix = storedCidr(cidr);
  // Subnets of one router do not overlap: an address within the prefix is one of the subnet.
  const inside = (address: string): boolean => {
    const ip = parseIp(address);
    return ip !== undefined && contains(prefix, ip);
  };
  if ((await addressesLedTo(reader, router.id)).some(inside))
    throw RouterInterfaceInUseByFloatingIP({ routerId: router.id, subnetId });
  if (router.routes.some(({ nexthop }) => inside(nexthop)))
    throw RouterInterfaceInUseByRoute({ routerId: router.id, subnetId });
};

const onePort = async (step: WriteStep, id: string): Promise<Port> => {
  const [port] = await portsById(step.tx, [id]);
  if (port === undefined) throw new Error(`the router's port ${id} is gone`);
  return port;
};

/** An interface can be a port that had floating IPs before, through another router. */
const removePort = async ({ ports }: RouterDependencies, step: WriteStep, port: Port): Promise<void> => {
  await ports.followers?.removing(step, [port]);
  await removePorts(step, [port]);
};

const removeByPort = async (
  deps: RouterDependencies,
  step: WriteStep,
  router: Router,
  inside: readonly Attachment[],
  portId: string,
  subnetId: string | undefined,
): Promise<InterfaceInfo> => {
  const known = await step.tx.query
    .selectFrom('router_ports')
    .select('port_id')
    .where('port_id', '=', portId)
    .where('router_id', '=', router.id)
    .where('port_type', '=', ROUTER_INTERFACE)
    .executeTakeFirst();
  if (known === undefined) throw RouterInterfaceNotFound({ routerId: router.id, portId });
  const own = inside.filter((one) => one.portId === portId);
  if (subnetId !== undefined && !own.some((one) => one.subnetId === subnetId))
    throw SubnetMismatchForPort({ portId, subnetId });
  for (const attachment of own) await checkUnneeded(step.tx, router, attachment);
  const port = await onePort(step, portId);
  await removePort(deps, step, port);
  return interfaceInfo(router, port, own.map((one) => one.subnetId).toReversed());
};

const removeBySubnet = async (
  deps: RouterDependencies,
  step: WriteStep,
  router: Router,
  inside: readonly Attachment[],
  subnetId: string,
): Promise<InterfaceInfo> => {
  await visibleSubnet(step, subnetId);
  const attachment = inside.find((one) => one.subnetId === subnetId);
  if (attachment === undefined) throw RouterInterfaceNotFoundForSubnet({ routerId: router.id, subnetId });
  await checkUnneeded(step.tx, router, attachment);
  const port = await onePort(step, attachment.portId);
  const others = port.fixed_ips.filter((ip) => ip.subnet_id !== subnetId);
  if (others.length === 0) await removePort(deps, step, port);
  else await updatePort(deps.ports, asService(step), port, { fixed_ips: others });
  return interfaceInfo(router, port, [subnetId]);
};

/**
 * Detach a router from a subnet, or from one of its ports with all its subnets. The port goes, unless it serves other
 * subnets too.
 *
 * @param body `{"subnet_id": …}`, `{"port_id": …}` or both
 * @throws ApiError BadRequest, SubnetNotFound, RouterInterfaceNotFound, RouterInterfaceNotFoundForSubnet,
 *   SubnetMismatchForPort, RouterInterfaceInUseByFloatingIP, RouterInterfaceInUseByRoute
 */
export const removeInterface = async (
  deps: RouterDependencies,
  step: WriteStep,
  router: Router,
  body: unknown,
): Promise<InterfaceInfo> => {
  const { portId, subnetId } = interfaceRequest(body, true);
  const inside = (await attachmentsOf(step.tx, router.id)).filter((one) => !one.gateway);
  const info =
    portId === undefined
      ? await removeBySubnet(deps, step, router, inside, subnetId ?? '')
      : await removeByPort(deps, step, router, inside, portId, subnetId);
  await reviseRouter(step, router);
  return info;
};
