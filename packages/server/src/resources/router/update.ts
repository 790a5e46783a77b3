import type { Router, router, UpdateOf } from '@ovenbird/api';
import type { WriteStep } from '../../engine/contract.ts';
import { flagOf } from '../columns.ts';
import type { RouterDependencies } from './dependencies.ts';
import { type RouterColumns, reviseRouter } from './revise.ts';
import { replaceRoutes } from './routes.ts';
import { setGateway } from './set-gateway.ts';

type Body = UpdateOf<typeof router>;

const changedColumns = (current: Router, body: Body): RouterColumns => {
  const { name, description, admin_state_up: up } = body;
  const bfd = body.enable_default_route_bfd ?? undefined;
  const ecmp = body.enable_default_route_ecmp ?? undefined;
  const ha = body.ha ?? undefined;
  return {
    ...(name === undefined || name === current.name ? {} : { name }),
    ...(description === undefined || description === current.description ? {} : { description }),
    ...(up === undefined || up === current.admin_state_up ? {} : { admin_state_up: flagOf(up) }),
    ...(ha === undefined || ha === current.ha ? {} : { ha: flagOf(ha) }),
    ...(bfd === undefined || bfd === current.enable_default_route_bfd
      ? {}
      : { enable_default_route_bfd: flagOf(bfd) }),
    ...(ecmp === undefined || ecmp === current.enable_default_route_ecmp
      ? {}
      : { enable_default_route_ecmp: flagOf(ecmp) }),
  };
};

/**
 * Update one router. An update that changes nothing leaves revision and time stamp alone.
 *
 * @throws ApiError as routes and gateways do; nothing is stored then
 */
export const updateRouter = async (
  deps: RouterDependencies,
  step: WriteStep,
  current: Router,
  body: Body,
): Promise<Router> => {
  const columns = changedColumns(current, body);
  const { routes, external_gateway_info: gateway } = body;
  const rerouted = routes !== undefined && (await replaceRoutes(deps, step.tx, current, routes));
  const routed = routes === undefined ? current : { ...current, routes };
  const moved =
    gateway === undefined ? { changed: false, columns: {} } : await setGateway(deps, step, routed, gateway);
  if (!rerouted && !moved.changed && Object.keys(columns).length === 0) return current;
  return reviseRouter(step, current, { ...columns, ...moved.columns });
};
