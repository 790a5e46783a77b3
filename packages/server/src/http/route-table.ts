import { HTTPMethodNotAllowed } from '@ovenbird/api';
import type { FastifyInstance, HTTPMethods, RouteHandlerMethod } from 'fastify';

const methods: readonly HTTPMethods[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** Collects the routes of a listener, so that a known path answers 405 to every other method. */
export interface Routes {
  add(method: string, url: string, handler: RouteHandlerMethod): void;
  /** Answer 405, with `Allow`, to the methods that no path has a route for. Call it last. */
  refuseOthers(): void;
}

export const createRoutes = (app: FastifyInstance): Routes => {
  const known = new Map<string, Set<string>>();
  return {
    add(method, url, handler) {
      const taken = known.get(url) ?? new Set();
      known.set(url, taken.add(method));
      app.route({ method, url, handler });
    },
    refuseOthers() {
      for (const [url, taken] of known) {
        const allow = [...taken].sort().join(', ');
        const others = methods.filter((method) => !taken.has(String(method)));
        app.route({
          method: others,
          url,
          // Having GET, a path has HEAD too.
          exposeHeadRoute: false,
          handler: async (request, reply) => {
            reply.header('allow', allow);
            throw HTTPMethodNotAllowed({ method: request.method });
          },
        });
      }
    },
  };
};
