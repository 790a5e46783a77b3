import {
  BadRequest,
  type ExternalGatewayRequest,
  type FixedIpRequest,
  NetworkNotFound,
  type Router,
  RouterExternalGatewayInUseByFloatingIp,
} from '@ovenbird/api';
import type { Reader } from '../../db/database.ts';
import type { WriteStep } from '../../engine/contract.ts';
import { ROUTER_GATEWAY } from '../../ipam/device-owner.ts';
import { createPorts } from '../port/create.ts';
import { removePorts } from '../port/delete.ts';
import { portsById } from '../port/store.ts';
import { updatePort } from '../port/update.ts';
import { requireSeen } from '../qos/assignment.ts';
import { systemPortBody } from '../system-port.ts';
import { usableNetworks } from '../usable-networks.ts';
import { attachmentsOf, checkOverlap, subnetsOfNetworks } from './attachments.ts';
import type { RouterDependencies } from './dependencies.ts';
import { checkRoutes } from './routes.ts';
import type { GatewayPort } from './store.ts';

/** Gateway ports belong to no project, and networks of others may be external: the service itself acts here. */
export const asService = (step: WriteStep): WriteStep => ({ ...step, isAdmin: true });

const checkAddresses = async (reader: Reader, request: ExternalGatewayRequest): Promise<void> => {
  const asked = new Set((request.external_fixed_ips ?? []).map((ip) => ip.ip_address));
  if (asked.size === 0) return;
  const subnets = await reader.query
    .selectFrom('subnets')
    .select('gateway_ip')
    .where('network_id', '=', request.network_id)
    .execute();
  for (const { gateway_ip } of subnets) {
    if (gateway_ip !== null && asked.has(gateway_ip))
      throw BadRequest({
        resource: 'router',
        msg: `External IP ${gateway_ip} is the same as the gateway IP`,
      });
  }
};

/**
 * Check gateways that a request asks for: the networks exist, may be used and are external, no address is that of a
 * subnet's own gateway, and the caller sees the policies.
 *
 * @throws ApiError NetworkNotFound, QosPolicyNotFound, BadRequest
 */
export const checkGatewayRequests = async (
  step: WriteStep,
  requests: readonly ExternalGatewayRequest[],
): Promise<void> => {
  const networks = await usableNetworks(
    step,
    requests.map((request) => request.network_id),
  );
  for (const request of requests) {
    const network = networks.get(request.network_id);
    if (network === undefined) throw NetworkNotFound({ id: request.network_id });
    if (!network.external)
      throw BadRequest({ resource: 'router', msg: `Network ${network.id} is not an external network` });
    await checkAddresses(step.tx, request);
  }
  await requireSeen(
    step,
    requests.map((request) => request.qos_policy_id),
  );
};

/**
 * Give a router one gateway more.
 *
 * @param gateways those that it has
 * @throws ApiError BadRequest for overlapping subnets, and as port creation does
 */
export const addGateway = async (
  { ports }: RouterDependencies,
  step: WriteStep,
  routerId: string,
  gateways: readonly GatewayPort[],
  request: ExternalGatewayRequest,
  position: number,
): Promise<GatewayPort> => {
  const { tx } = step;
  const networkIds = [...new Set([...gateways.map((one) => one.networkId), request.network_id])];
  const subnets = await subnetsOfNetworks(tx, networkIds);
  const added = subnets.filter((subnet) => subnet.networkId === request.network_id);
  const external = subnets.filter((subnet) => gateways.some((one) => one.networkId === subnet.networkId));
  checkOverlap(await attachmentsOf(tx, routerId), external, added, true);
  const wanted = request.external_fixed_ips;
  const [port] = await createPorts(ports, asService(step), [
    systemPortBody({
      projectId: '',
      networkId: request.network_id,
      deviceId: routerId,
      deviceOwner: ROUTER_GATEWAY,
      fixedIps: wanted === undefined || wanted.length === 0 ? undefined : wanted,
    }),
  ]);
  if (port === undefined) throw new Error('no port was made for the gateway');
  const own = request.qos_policy_id ?? null;
  await tx.query
    .insertInto('router_ports')
    .values({
      port_id: port.id,
      router_id: routerId,
      port_type: ROUTER_GATEWAY,
      position,
      qos_policy_id: own,
    })
    .execute();
  const qos = { own, network: port.qos_network_policy_id };
  return { portId: port.id, networkId: port.network_id, position, fixedIps: port.fixed_ips, qos };
};

const checkUnneeded = async (
  reader: Reader,
  routerId: string,
  removed: readonly GatewayPort[],
  kept: readonly GatewayPort[],
): Promise<void> => {
  const networks = removed
    .map((one) => one.networkId)
    .filter((id) => !kept.some((one) => one.networkId === id));
  if (networks.length === 0) return;
  const user = await reader.query
    .selectFrom('floating_ips')
    .select('floating_network_id')
    .where('router_id', '=', routerId)
    .where('floating_network_id', 'in', networks)
    .limit(1)
    .executeTakeFirst();
  if (user !== undefined)
    throw RouterExternalGatewayInUseByFloatingIp({ routerId, networkId: user.floating_network_id });
};

/**
 * Take gateways from a router.
 *
 * @param kept gateways that it keeps
 * @throws ApiError RouterExternalGatewayInUseByFloatingIp
 */
export const removeGateways = async (
  step: WriteStep,
  routerId: string,
  removed: readonly GatewayPort[],
  kept: readonly GatewayPort[],
): Promise<void> => {
  if (removed.length === 0) return;
  await checkUnneeded(step.tx, routerId, removed, kept);
  const ids = removed.map((one) => one.portId);
  await removePorts(step, await portsById(step.tx, ids));
};

/** Give a gateway these addresses; whether that changed any. Throws ApiError as a port update does. */
export const changeGatewayAddresses = async (
  { ports }: Pick<RouterDependencies, 'ports'>,
  step: WriteStep,
  gateway: GatewayPort,
  wanted: readonly FixedIpRequest[],
): Promise<boolean> => {
  const [port] = await portsById(step.tx, [gateway.portId]);
  if (port === undefined) return false;
  const next = await updatePort(ports, asService(step), port, { fixed_ips: wanted });
  return next !== port;
};

/** Give a gateway this policy; whether that changed it. Throws ApiError QosPolicyNotFound. */
const changeGatewayPolicy = async (
  step: WriteStep,
  gateway: GatewayPort,
  wanted: string | null | undefined,
): Promise<boolean> => {
  if (wanted === undefined || wanted === gateway.qos.own) return false;
  await requireSeen(step, [gateway.qos.own, wanted]);
  await step.tx.query
    .updateTable('router_ports')
    .set({ qos_policy_id: wanted })
    .where('port_id', '=', gateway.portId)
    .execute();
  return true;
};

/** Give a gateway the addresses and policy that a request names; whether that changed any. Throws ApiError as these do. */
export const changeGateway = async (
  deps: Pick<RouterDependencies, 'ports'>,
  step: WriteStep,
  gateway: GatewayPort,
  request: Pick<ExternalGatewayRequest, 'external_fixed_ips' | 'qos_policy_id'>,
): Promise<boolean> => {
  const wanted = request.external_fixed_ips ?? [];
  const moved = wanted.length > 0 && (await changeGatewayAddresses(deps, step, gateway, wanted));
  return (await changeGatewayPolicy(step, gateway, request.qos_policy_id)) || moved;
};

/** Throws ApiError InvalidRoutes where a route of the router leads nowhere any more. */
export const checkRoutesStillLead = async (
  reader: Reader,
  { id, routes }: Router,
  gatewayNetworks: readonly string[],
): Promise<void> => {
  if (routes.length === 0) return;
  const attachments = await attachmentsOf(reader, id);
  const external = await subnetsOfNetworks(reader, gatewayNetworks);
  checkRoutes(
    routes,
    [...attachments, ...external].map(({ cidr }) => cidr),
    attachments,
  );
};
