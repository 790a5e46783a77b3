import type { ExternalGatewayRequest, Router } from '@ovenbird/api';
import type { WriteStep } from '../../engine/contract.ts';
import { flagOf } from '../columns.ts';
import type { RouterDependencies } from './dependencies.ts';
import {
  addGateway,
  changeGateway,
  checkGatewayRequests,
  checkRoutesStillLead,
  removeGateways,
} from './gateways.ts';
import type { RouterColumns } from './revise.ts';
import { type GatewayPort, gatewayPortsOf } from './store.ts';

/** What setting gateways did to the router itself. */
export interface GatewayChange {
  readonly changed: boolean;
  readonly columns: Pick<RouterColumns, 'enable_snat'>;
}

/** The router's `enable_snat` follows its first gateway; without one it is the default. */
export const snatChange = (
  { config }: RouterDependencies,
  router: Pick<Router, 'enable_snat'>,
  first: ExternalGatewayRequest | undefined,
): GatewayChange => {
  const snat = first?.enable_snat ?? config.enableSnatByDefault;
  return snat === router.enable_snat
    ? { changed: false, columns: {} }
    : { changed: true, columns: { enable_snat: flagOf(snat) } };
};

const replaceFirst = async (
  deps: RouterDependencies,
  step: WriteStep,
  router: Router,
  gateways: readonly GatewayPort[],
  request: ExternalGatewayRequest | null,
): Promise<boolean> => {
  const [first, ...others] = gateways;
  if (first !== undefined && request !== null && first.networkId === request.network_id) {
    return changeGateway(deps, step, first, request);
  }
  if (first !== undefined) await removeGateways(step, router.id, [first], others);
  if (request !== null) {
    // The policy stays where only the network changes.
    const next = { qos_policy_id: first?.qos.own ?? null, ...request };
    await addGateway(deps, step, router.id, others, next, first?.position ?? 0);
  }
  return first !== undefined || request !== null;
};

/**
 * Give a router this gateway as its first one, or, with null, none in its place.
 *
 * @throws ApiError NetworkNotFound, BadRequest, RouterExternalGatewayInUseByFloatingIp, InvalidRoutes, and as ports do
 */
export const setGateway = async (
  deps: RouterDependencies,
  step: WriteStep,
  router: Router,
  request: ExternalGatewayRequest | null,
): Promise<GatewayChange> => {
  if (request !== null) await checkGatewayRequests(step, [request]);
  const gateways = (await gatewayPortsOf(step.tx, [router.id])).get(router.id) ?? [];
  const moved = await replaceFirst(deps, step, router, gateways, request);
  const networks = [
    ...gateways.slice(1).map((one) => one.networkId),
    ...(request ? [request.network_id] : []),
  ];
  if (moved) await checkRoutesStillLead(step.tx, router, networks);
  const snat = snatChange(deps, router, request ?? undefined);
  return { changed: moved || snat.changed, columns: snat.columns };
};
