import { BadRequest, type Port, PortInUse, PortNotFound, parseIp, type Router } from '@ovenbird/api';
import type { Transaction } from '../../db/database.ts';
import type { WriteStep } from '../../engine/contract.ts';
import { createPorts } from '../port/create.ts';
import { checkRouterDevices } from '../port/router-device.ts';
import { portsById } from '../port/store.ts';
import { updatePort } from '../port/update.ts';
import { systemPortBody } from '../system-port.ts';
import {
  type Attachment,
  attachmentsOf,
  checkOverlap,
  type RoutedSubnet,
  subnetsOfNetworks,
} from './attachments.ts';
import type { RouterDependencies } from './dependencies.ts';
import { asService } from './gateways.ts';
import { type InterfaceInfo, interfaceInfo, interfaceRequest } from './interface-body.ts';
import { checkAdvertisements, type InterfaceSubnet, visibleSubnet } from './interface-subnet.ts';
import { checkInPools } from './pool-check.ts';
import { reviseRouter } from './revise.ts';

export const ROUTER_INTERFACE = 'network:router_interface';

const bad = (msg: string) => BadRequest({ resource: 'router', msg });

const checkFits = async (
  tx: Transaction,
  attachments: readonly Attachment[],
  added: readonly RoutedSubnet[],
): Promise<void> => {
  const gatewayNetworks = attachments.filter((one) => one.gateway).map((one) => one.networkId);
  const external = await subnetsOfNetworks(tx, [...new Set(gatewayNetworks)]);
  checkOverlap(attachments, external, added, false);
};

const attach = async (tx: Transaction, routerId: string, portId: string): Promise<void> => {
  await tx.query
    .insertInto('router_ports')
    .values({ port_id: portId, router_id: routerId, port_type: ROUTER_INTERFACE, position: 0 })
    .execute();
};

/** The router's port in the network that has IPv6 addresses: IPv6 subnets of a network share one. */
const sharedPort = async (
  tx: Transaction,
  attachments: readonly Attachment[],
  subnet: InterfaceSubnet,
): Promise<Port | undefined> => {
  if (subnet.version !== 6) return undefined;
  const inside = attachments.find(
    (one) => !one.gateway && one.networkId === subnet.networkId && parseIp(one.address)?.version === 6,
  );
  return inside === undefined ? undefined : (await portsById(tx, [inside.portId]))[0];
};

const addBySubnet = async (
  { ports }: RouterDependencies,
  step: WriteStep,
  router: Router,
  subnetId: string,
): Promise<InterfaceInfo> => {
  const subnet = await visibleSubnet(step, subnetId);
  const { gatewayIp } = subnet;
  if (gatewayIp === null) throw bad('Subnet for router interface must have a gateway IP');
  if (!subnet.mine) {
    throw bad(
      `Cannot add interface to router because subnet ${subnetId} is not owned by project making the request`,
    );
  }
  checkAdvertisements(subnet);
  const attachments = await attachmentsOf(step.tx, router.id);
  await checkFits(step.tx, attachments, [subnet]);
  const address = { subnet_id: subnet.id, ip_address: gatewayIp };
  const shared = await sharedPort(step.tx, attachments, subnet);
  if (shared !== undefined) {
    const fixedIps = [...shared.fixed_ips, address];
    const port = await updatePort(ports, asService(step), shared, { fixed_ips: fixedIps });
    return interfaceInfo(router, port, [subnet.id]);
  }
  const body = systemPortBody({
    projectId: router.project_id,
    networkId: subnet.networkId,
    deviceId: router.id,
    deviceOwner: ROUTER_INTERFACE,
    fixedIps: [address],
  });
  const [port] = await createPorts(ports, asService(step), [body]);
  if (port === undefined) throw new Error('no port was made for the interface');
  await attach(step.tx, router.id, port.id);
  return interfaceInfo(router, port, [subnet.id]);
};

/** A port as far as the caller may see it: its own, or one in a network of its own. Throws PortNotFound. */
const visiblePort = async ({ tx, context, isAdmin }: WriteStep, id: string): Promise<Port> => {
  const [port] = await portsById(tx, [id]);
  if (port === undefined) throw PortNotFound({ id });
  if (isAdmin || port.project_id === context.projectId) return port;
  const network = await tx.query
    .selectFrom('networks')
    .select('project_id')
    .where('id', '=', port.network_id)
    .executeTakeFirst();
  if (network?.project_id !== context.projectId) throw PortNotFound({ id });
  return port;
};

const addByPort = async (
  { ports }: RouterDependencies,
  step: WriteStep,
  router: Router,
  portId: string,
): Promise<InterfaceInfo> => {
  const port = await visiblePort(step, portId);
  if (port.device_id !== '')
    throw PortInUse({ id: port.id, networkId: port.network_id, deviceId: port.device_id });
  if (port.fixed_ips.length === 0) throw bad('Router port must have at least one fixed IP');
  const subnets: InterfaceSubnet[] = [];
  for (const id of new Set(port.fixed_ips.map((ip) => ip.subnet_id)))
    subnets.push(await visibleSubnet(asService(step), id));
  for (const subnet of subnets) checkAdvertisements(subnet);
  // As the caller: who sees a port of another project, in a network of its own, does not take it.
  const device = { deviceId: router.id, deviceOwner: ROUTER_INTERFACE, projectId: port.project_id };
  await checkRouterDevices(step, [device]);
  await checkFits(step.tx, await attachmentsOf(step.tx, router.id), subnets);
  if (subnets.filter((subnet) => subnet.version === 4).length > 1)
    throw bad('Cannot have multiple IPv4 subnets on router port');
  checkInPools(step, port, subnets);
  await updatePort(ports, asService(step), port, { device_id: router.id, device_owner: ROUTER_INTERFACE });
  await attach(step.tx, router.id, port.id);
  return interfaceInfo(
    router,
    port,
    subnets.map((subnet) => subnet.id),
  );
};

/**
 * Attach a router to a subnet, or to a port that exists.
 *
 * @param body `{"subnet_id": …}` or `{"port_id": …}`
 * @throws ApiError BadRequest, SubnetNotFound, PortNotFound, PortInUse, DeviceIDNotOwnedByTenant, and as port creation does
 */
export const addInterface = async (
  deps: RouterDependencies,
  step: WriteStep,
  router: Router,
  body: unknown,
): Promise<InterfaceInfo> => {
  const { portId, subnetId } = interfaceRequest(body, false);
  const info =
    portId === undefined
      ? await addBySubnet(deps, step, router, subnetId ?? '')
      : await addByPort(deps, step, router, portId);
  await reviseRouter(step, router);
  return info;
};
