import type { Quotas } from '../engine/quotas.ts';
import { type Asking, pageAnswer } from './page-answer.ts';
import { queryPairs } from './query.ts';
import { paramOf } from './request.ts';
import type { Routes } from './route-table.ts';

/** `/quotas`: a member exists for every project, so that these are not the routes of a collection. */
export const quotaRoutes = (routes: Routes, quotas: Quotas, asking: Asking): void => {
  const { contextOf } = asking;
  const member = '/quotas/:id';
  routes.add('GET', '/quotas', async (request, reply) => {
    const page = await quotas.list(contextOf(request), queryPairs(request.url));
    return pageAnswer(asking, request, reply, 'quotas', page);
  });
  for (const name of ['project', 'tenant']) {
    routes.add('GET', `/quotas/${name}`, async (request) => ({
      [name]: { [`${name}_id`]: quotas.own(contextOf(request)) },
    }));
  }
  routes.add('GET', member, async (request) => ({
    quota: await quotas.show(contextOf(request), paramOf(request, 'id')),
  }));
  routes.add('GET', `${member}/default`, async (request) => ({
    quota: await quotas.defaults(contextOf(request), paramOf(request, 'id')),
  }));
  routes.add('GET', `${member}/details`, async (request) => ({
    quota: await quotas.details(contextOf(request), paramOf(request, 'id')),
  }));
  routes.add('PUT', member, async (request) => ({
    quota: await quotas.update(contextOf(request), paramOf(request, 'id'), request.body),
  }));
  routes.add('DELETE', member, async (request, reply) => {
    await quotas.remove(contextOf(request), paramOf(request, 'id'));
    return reply.code(204).send();
  });
};
