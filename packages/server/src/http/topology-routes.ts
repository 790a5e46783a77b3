import type { Topologies } from '../engine/topologies.ts';
import type { Asking } from './page-answer.ts';
import { fieldsIn } from './query.ts';
import { paramOf } from './request.ts';
import type { Routes } from './route-table.ts';

/** `/auto-allocated-topology/{project}`: reading it makes it, so that these are not the routes of a collection. */
export const topologyRoutes = (routes: Routes, topologies: Topologies, { contextOf }: Asking): void => {
  const member = '/auto-allocated-topology/:id';
  routes.add('GET', member, async (request) => ({
    auto_allocated_topology: await topologies.get(
      contextOf(request),
      paramOf(request, 'id'),
      fieldsIn(request.url),
    ),
  }));
  routes.add('DELETE', member, async (request, reply) => {
    await topologies.remove(contextOf(request), paramOf(request, 'id'));
    return reply.code(204).send();
  });
};
