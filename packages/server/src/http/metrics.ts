import type { FastifyInstance } from 'fastify';
import { Histogram, type Registry } from 'prom-client';
import { isLoopback } from '../core/loopback.ts';

export interface MetricsOptions {
  /** Where the times of requests are kept. */
  readonly registry: Registry;
  /** All figures as text, of whoever shares this address; undefined when they cannot be had now. */
  readonly readFigures: () => Promise<string | undefined>;
  /** Who may read them. Figures tell about everybody's use. */
  readonly access: 'local' | 'all';
}

/** Time every request, and serve all figures at `GET /metrics` in Prometheus' text form. */
export const metricsRoute = (
  app: FastifyInstance,
  { registry, readFigures, access }: MetricsOptions,
): void => {
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
    if (access === 'local' && !isLoopback(request.socket.remoteAddress ?? ''))
      return reply.code(404).type('text/plain').send('not found');
    const text = await readFigures();
    if (text === undefined)
      return reply.code(503).header('retry-after', '1').type('text/plain').send('try again');
    return reply.type(registry.contentType).send(text);
  });
};
