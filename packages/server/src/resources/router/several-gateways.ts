import {
  type ExternalGatewayRequest,
  type Router,
  UnableToMatchGateways,
  UnableToRemoveGateways,
} from '@ovenbird/api';
import type { WriteStep } from '../../engine/contract.ts';
import type { RouterDependencies } from './dependencies.ts';
import {
  addGateway,
  changeGateway,
  checkGatewayRequests,
  checkRoutesStillLead,
  removeGateways,
} from './gateways.ts';
import { type GatewayChange, snatChange } from './set-gateway.ts';
import { type GatewayPort, gatewayPortsOf } from './store.ts';

const UNCHANGED: GatewayChange = { changed: false, columns: {} };

const gatewaysOf = async (step: WriteStep, router: Router): Promise<readonly GatewayPort[]> =>
  (await gatewayPortsOf(step.tx, [router.id])).get(router.id) ?? [];

const addressesOf = (request: ExternalGatewayRequest): readonly string[] =>
  (request.external_fixed_ips ?? []).flatMap((ip) => ip.ip_address ?? []);

/**
 * The gateway that a request means: the one in its network that has one of its addresses, or the only one in its network
 * where it names no address.
 *
 * @throws ApiError UnableToMatchGateways where several could be meant
 */
const gatewayMeant = (
  router: Router,
  gateways: readonly GatewayPort[],
  request: ExternalGatewayRequest,
): GatewayPort | undefined => {
  const candidates = gateways.filter((one) => one.networkId === request.network_id);
  const addresses = addressesOf(request);
  if (addresses.length > 0)
    return candidates.find((one) => one.fixedIps.some((ip) => addresses.includes(ip.ip_address)));
  if (candidates.length > 1) {
    throw UnableToMatchGateways({
      routerId: router.id,
      reason: `several gateways are in network ${request.network_id}, and the request names no address`,
    });
  }
  return candidates[0];
};

/** Give a router more gateways. Throws ApiError as {@link addGateway} and {@link checkGatewayRequests} do. */
export const addGateways = async (
  deps: RouterDependencies,
  step: WriteStep,
  router: Router,
  requests: readonly ExternalGatewayRequest[],
): Promise<GatewayChange> => {
  if (requests.length === 0) return UNCHANGED;
  await checkGatewayRequests(step, requests);
  const gateways = [...(await gatewaysOf(step, router))];
  const isFirst = gateways.length === 0;
  for (const request of requests) {
    const position = (gateways.at(-1)?.position ?? -1) + 1;
    gateways.push(await addGateway(deps, step, router.id, gateways, request, position));
  }
  const snat = isFirst ? snatChange(deps, router, requests[0]) : UNCHANGED;
  return { changed: true, columns: snat.columns };
};

/**
 * Take gateways from a router.
 *
 * @throws ApiError UnableToRemoveGateways, UnableToMatchGateways, RouterExternalGatewayInUseByFloatingIp, InvalidRoutes
 */
export const dropGateways = async (
  deps: RouterDependencies,
  step: WriteStep,
  router: Router,
  requests: readonly ExternalGatewayRequest[],
): Promise<GatewayChange> => {
  if (requests.length === 0) return UNCHANGED;
  const gateways = await gatewaysOf(step, router);
  if (gateways.length === 0)
    throw UnableToRemoveGateways({ routerId: router.id, reason: 'it has no external gateways' });
  const removed = requests.map((request) => {
    const meant = gatewayMeant(router, gateways, request);
    if (meant !== undefined) return meant;
    const reason = `none is in network ${request.network_id} with the given addresses`;
    throw UnableToMatchGateways({ routerId: router.id, reason });
  });
  const kept = gateways.filter((one) => !removed.includes(one));
  await removeGateways(step, router.id, [...new Set(removed)], kept);
  await checkRoutesStillLead(
    step.tx,
    router,
    kept.map((one) => one.networkId),
  );
  return { changed: true, columns: kept.length === 0 ? snatChange(deps, router, undefined).columns : {} };
};

const place = async (step: WriteStep, gateway: GatewayPort, position: number): Promise<boolean> => {
  if (gateway.position === position) return false;
  await step.tx.query
    .updateTable('router_ports')
    .set({ position })
    .where('port_id', '=', gateway.portId)
    .execute();
  return true;
};

/**
 * Give a router exactly these gateways, in this order; those that it has already stay, with the addresses that the
 * request names for them.
 *
 * @throws ApiError UnableToMatchGateways, RouterExternalGatewayInUseByFloatingIp, InvalidRoutes, and as {@link addGateway}
 */
export const replaceGateways = async (
  deps: RouterDependencies,
  step: WriteStep,
  router: Router,
  requests: readonly ExternalGatewayRequest[],
): Promise<GatewayChange> => {
  await checkGatewayRequests(step, requests);
  const before = await gatewaysOf(step, router);
  const meant = requests.map((request) => gatewayMeant(router, before, request));
  const doubled = meant.find((one, index) => one !== undefined && meant.indexOf(one) !== index);
  if (doubled !== undefined) {
    const reason = `the request names the gateway in network ${doubled.networkId} twice`;
    throw UnableToMatchGateways({ routerId: router.id, reason });
  }
  let changed = false;
  const kept: GatewayPort[] = meant.filter((one) => one !== undefined);
  const stale = before.filter((one) => !kept.includes(one));
  const present = [...before];
  for (const [position, request] of requests.entries()) {
    const gateway = meant[position];
    if (gateway === undefined) {
      const added = await addGateway(deps, step, router.id, present, request, position);
      present.push(added);
      kept.push(added);
      changed = true;
      continue;
    }
    if (await changeGateway(deps, step, gateway, request)) changed = true;
    if (await place(step, gateway, position)) changed = true;
  }
  await removeGateways(step, router.id, stale, kept);
  const networks = kept.map((one) => one.networkId);
  await checkRoutesStillLead(step.tx, router, networks);
  const snat = snatChange(deps, router, requests[0]);
  return { changed: changed || stale.length > 0 || snat.changed, columns: snat.columns };
};
