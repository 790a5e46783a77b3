import { AvailabilityZoneNotFound, type CreateOf, type Router, type router } from '@ovenbird/api';
import type { RoutersTable } from '../../db/tables.ts';
import type { WriteStep } from '../../engine/contract.ts';
import { flagOf } from '../columns.ts';
import { requireRouterFlavors } from '../flavor/require.ts';
import { insertRows } from '../insert.ts';
import type { RouterDependencies } from './dependencies.ts';
import { setGateway } from './set-gateway.ts';
import { loadRouters, routerOf } from './store.ts';

type Body = CreateOf<typeof router>;

const checkZones = async (deps: RouterDependencies, bodies: readonly Body[]): Promise<void> => {
  const wanted = bodies.flatMap((body) => body.availability_zone_hints);
  if (wanted.length === 0) return;
  const known = await deps.availabilityZones();
  for (const zone of wanted) if (!known.has(zone)) throw AvailabilityZoneNotFound({ zone });
};

const rowOf = ({ config, ports }: RouterDependencies, body: Body, now: string): RoutersTable => ({
  id: ports.ids.uuid(),
  project_id: body.project_id ?? '',
  name: body.name,
  description: body.description,
  admin_state_up: flagOf(body.admin_state_up),
  status: 'ACTIVE',
  enable_snat: flagOf(config.enableSnatByDefault),
  ha: flagOf(body.ha ?? true),
  enable_default_route_bfd: flagOf(body.enable_default_route_bfd ?? config.enableDefaultRouteBfd),
  enable_default_route_ecmp: flagOf(body.enable_default_route_ecmp ?? config.enableDefaultRouteEcmp),
  availability_zone_hints: JSON.stringify(body.availability_zone_hints),
  flavor_id: body.flavor_id,
  created_at: now,
  updated_at: now,
  revision_number: 1,
});

/** Give a router that was just stored its gateway. */
const withGateway = async (
  deps: RouterDependencies,
  step: WriteStep,
  made: Router,
  wanted: Body['external_gateway_info'],
): Promise<Router> => {
  if (wanted === null) return made;
  const { columns } = await setGateway(deps, step, made, wanted);
  if (columns.enable_snat !== undefined)
    await step.tx.query.updateTable('routers').set(columns).where('id', '=', made.id).execute();
  const [router = made] = await loadRouters(step.tx, [made.id]);
  return router;
};

/**
 * Make routers, with their gateways.
 *
 * @throws ApiError AvailabilityZoneNotFound, and as {@link requireRouterFlavors} and {@link setGateway} does
 */
export const createRouters = async (
  deps: RouterDependencies,
  step: WriteStep,
  bodies: readonly Body[],
): Promise<readonly Router[]> => {
  await checkZones(deps, bodies);
  const flavors = bodies.flatMap((body) => body.flavor_id ?? []);
  await requireRouterFlavors(step.tx, deps.serviceProviders, flavors);
  const rows = bodies.map((body) => rowOf(deps, body, step.tx.now));
  await insertRows(step.tx, 'routers', rows);
  const made: Router[] = [];
  for (const [index, row] of rows.entries()) {
    const fresh = routerOf(row, { gateways: [], routes: [], tags: [] });
    made.push(await withGateway(deps, step, fresh, bodies[index]?.external_gateway_info ?? null));
  }
  for (const current of made)
    step.changes.record({ kind: 'router', action: 'create', id: current.id, current });
  return made;
};
