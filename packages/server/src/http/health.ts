import type { FastifyInstance } from 'fastify';
import { collectDefaultMetrics, Histogram, Registry } from 'prom-client';

/** Whether something that the service cannot do without answers. */
export type Probe = () => Promise<boolean>;

const loopback = /^(127\.|::1$|::ffff:127\.)/;

/**
 * `GET /healthcheck`: 200 `OK` or 503. `GET /metrics`: Prometheus text, for clients on this host only, since figures tell
 * about everybody's use.
 */
export const healthRoutes = (app: FastifyInstance, probes: { readonly [name: string]: Probe }): void => {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: 'ovenbird_' });
  const duration = new Histogram({
    name: 'ovenbird_http_request_seconds',
    help: 'Time from the arrival of a request to its answer.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers: [registry],
  });
  app.addHook('onResponse', async (request, reply) => {
    // The route's pattern, never the URL: a label must not grow with ids.
    const route = request.routeOptions.url ?? 'unknown';
    duration.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1000);
  });
  app.get('/healthcheck', async (_request, reply) => {
    const failed: string[] = [];
    for (const [name, probe] of Object.entries(probes)) {
      if (!(await probe().catch(() => false))) failed.push(name);
    }
    reply.type('text/plain');
    return failed.length === 0 ? 'OK' : reply.code(503).send(`failed: ${failed.join(', ')}`);
  });
  app.get('/metrics', async (request, reply) => {
    if (!loopback.test(request.socket.remoteAddress ?? ''))
      return reply.code(404).type('text/plain').send('not found');
    return reply.type(registry.contentType).send(await registry.metrics());
  });
};
