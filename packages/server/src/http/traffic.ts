import { ApiError } from '@ovenbird/api';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { createTokenBuckets } from '../core/token-buckets.ts';

/** How much the service takes at once and from one project. */
export interface TrafficLimits {
  /** Requests worked on at once. */
  readonly maxRequests: number;
  /** Requests of one project a second; 0: any number. */
  readonly requestRate: number;
  /** Requests of one project at once after a pause. */
  readonly requestBurst: number;
}

/** Projects whose rate is remembered. */
const projectsRemembered = 10_000;

const tooMuch = (status: 429 | 503, seconds: number): ApiError =>
  status === 429
    ? new ApiError(429, 'TooManyRequests', 'The project sends too many requests.', {
        headers: { 'retry-after': String(Math.max(1, Math.ceil(seconds))) },
      })
    : new ApiError(503, 'ServiceUnavailable', 'The service works on too many requests.', {
        headers: { 'retry-after': String(seconds) },
      });

/**
 * Refuse requests beyond `limit` at once with 503, before anything is read of them. A request counts until its answer is
 * sent or its connection is gone.
 */
export const limitConcurrency = (app: FastifyInstance, limit: number): void => {
  let active = 0;
  app.addHook('onRequest', async (_request, reply) => {
    if (active >= limit) throw tooMuch(503, 1);
    active += 1;
    let open = true;
    const ended = (): void => {
      if (open) active -= 1;
      open = false;
    };
    reply.raw.once('close', ended).once('finish', ended);
  });
};

/** Refuse requests of projects that send too many, with 429. Runs after it is known who asks. */
export const limitRate = (
  app: FastifyInstance,
  limits: TrafficLimits,
  projectOf: (request: FastifyRequest) => string,
): void => {
  const { requestRate: rate, requestBurst: burst } = limits;
  if (rate === 0) return;
  const now = () => performance.now();
  const buckets = createTokenBuckets({ rate, burst, capacity: projectsRemembered, now });
  app.addHook('onRequest', async (request) => {
    const wait = buckets.take(projectOf(request));
    if (wait > 0) throw tooMuch(429, wait);
  });
};
