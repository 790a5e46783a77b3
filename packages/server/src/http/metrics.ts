import type { FastifyInstance } from 'fastify';
import { Histogram, type Registry } from 'prom-client';

const loopback = /^(127\.|::1$|::ffff:127\.)/;

export interface MetricsOptions {
  readonly registry: Registry;
  /** Who may read them. Figures tell about everybody's use. */
  readonly access: 'local' | 'all';
}

/** Time every request, and serve all figures of the registry at `GET /metrics` in Prometheus' text form. */
export const metricsRoute = (app: FastifyInstance, { registry, access }: MetricsOptions): void => {
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
  app.get('/metrics', async (request, reply) => {
    if (access === 'local' && !loopback.test(request.socket.remoteAddress ?? ''))
      return reply.code(404).type('text/plain').send('not found');
    return reply.type(registry.contentType).send(await registry.metrics());
  });
};
