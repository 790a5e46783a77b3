import { router as routerDefinition } from '@ovenbird/api';
import type { StoredBehaviour } from '../../engine/contract.ts';
import { routerActions } from './actions.ts';
import { createRouters } from './create.ts';
import { deleteRouter } from './delete.ts';
import type { RouterDependencies } from './dependencies.ts';
import { routerStore } from './store.ts';
import { updateRouter } from './update.ts';

/** What routers do beyond the generic operations: gateways, interfaces and routes. */
export const createRouterBehaviour = (
  deps: RouterDependencies,
): StoredBehaviour<typeof routerDefinition> => ({
  kind: 'stored',
  definition: routerDefinition,
  store: routerStore,
  create: (step, bodies) => createRouters(deps, step, bodies),
  update: (step, current, body) => updateRouter(deps, step, current, body),
  delete: (step, current) => deleteRouter(step, current),
  actions: routerActions(deps),
  views: { l3_agents: async (router) => ({ agents: await deps.hosts.agentsOf(router.id) }) },
});
