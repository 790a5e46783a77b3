import type { FastifyInstance } from 'fastify';
import { adminOf, callerOf, type LabServices, queryOf } from './access.ts';
import { services as catalogServices, endpoints } from './documents.ts';

/** Services, endpoints, regions and groups, to read: the lab has two services, one region and no groups. */
export const catalogRoutes = (app: FastifyInstance, services: LabServices): void => {
  const list = (collection: string, entries: readonly object[]) => ({
    [collection]: entries,
    links: { self: `${services.places().identity}/${collection}`, previous: null, next: null },
  });
  app.get('/services', async (request) => {
    adminOf(request, services);
    const query = queryOf(request);
    const wanted = catalogServices().filter(
      (one) => one.type === (query.type ?? one.type) && one.name === (query.name ?? one.name),
    );
    return list('services', wanted);
  });
  app.get('/endpoints', async (request) => {
    adminOf(request, services);
    const query = queryOf(request);
    const wanted = endpoints(services.places()).filter(
      (one) =>
        one.service_id === (query.service_id ?? one.service_id) &&
        one.interface === (query.interface ?? one.interface),
    );
    return list('endpoints', wanted);
  });
  app.get('/regions', async (request) => {
    callerOf(request, services);
    return list('regions', [{ id: 'RegionOne', description: '', parent_region_id: null }]);
  });
  app.get('/groups', async (request) => {
    adminOf(request, services);
    return list('groups', []);
  });
};
