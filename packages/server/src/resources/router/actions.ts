import {
  type ExternalGatewayRequest,
  externalGateways,
  type HostRoute,
  HTTPBadRequest,
  hostRoutes,
  isDict,
  type Router,
  type ValueType,
} from '@ovenbird/api';
import type { ActionRequest, WriteStep } from '../../engine/contract.ts';
import { addInterface } from './add-interface.ts';
import type { RouterDependencies } from './dependencies.ts';
import { removeInterface } from './remove-interface.ts';
import { reviseRouter } from './revise.ts';
import { mergedRoutes, remainingRoutes, replaceRoutes } from './routes.ts';
import type { GatewayChange } from './set-gateway.ts';
import { addGateways, dropGateways, replaceGateways } from './several-gateways.ts';

type RouterAction = (step: WriteStep, router: Router, request: ActionRequest) => Promise<unknown>;

/** The value of an attribute in `{"router": {…}}`; undefined where it is not given. Throws ApiError 400. */
const given = <T, I>(body: unknown, name: string, type: ValueType<T, I>): I | undefined => {
  const router = isDict(body) && Object.hasOwn(body, 'router') ? body.router : undefined;
  if (!isDict(router)) throw HTTPBadRequest({ message: "Unable to find 'router' in request body" });
  if (!Object.hasOwn(router, name)) return undefined;
  const parsed = type.parse(router[name]);
  if (parsed.ok) return parsed.value;
  throw parsed.error ?? HTTPBadRequest({ message: `Invalid input for ${name}. Reason: ${parsed.reason}.` });
};

const onRoutes =
  (
    deps: RouterDependencies,
    combined: (old: readonly HostRoute[], named: readonly HostRoute[]) => readonly HostRoute[],
  ): RouterAction =>
  async (step, router, { body }) => {
    const routes = given(body, 'routes', hostRoutes);
    if (routes === undefined) throw HTTPBadRequest({ message: "Required attribute 'routes' not specified" });
    const changed = await replaceRoutes(deps, step.tx, router, combined(router.routes, routes));
    return changed ? reviseRouter(step, router) : router;
  };

const onGateways =
  (
    deps: RouterDependencies,
    apply: (
      deps: RouterDependencies,
      step: WriteStep,
      router: Router,
      requests: readonly ExternalGatewayRequest[],
    ) => Promise<GatewayChange>,
  ): RouterAction =>
  async (step, router, { body }) => {
    const requests = given(body, 'external_gateways', externalGateways);
    if (requests === undefined) return router;
    const { changed, columns } = await apply(deps, step, router, requests);
    return changed ? reviseRouter(step, router, columns) : router;
  };

/** The member actions of routers, by the names that the definition gives them. */
export const routerActions = (deps: RouterDependencies): { readonly [name: string]: RouterAction } => ({
  add_router_interface: (step, router, { body }) => addInterface(deps, step, router, body),
  remove_router_interface: (step, router, { body }) => removeInterface(deps, step, router, body),
  add_extraroutes: onRoutes(deps, mergedRoutes),
  remove_extraroutes: onRoutes(deps, remainingRoutes),
  add_external_gateways: onGateways(deps, addGateways),
  update_external_gateways: onGateways(deps, replaceGateways),
  remove_external_gateways: onGateways(deps, dropGateways),
});
