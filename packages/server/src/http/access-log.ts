import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Logger } from '../core/logger.ts';
import type { RequestContext } from '../identity/context.ts';
import { globalIdOf } from './request-id.ts';

/** Who is asking, once that is known. */
export type Callers = WeakMap<FastifyRequest, RequestContext>;

/** Write one line for every answered request, with the id that the answer's header has. Nothing of query or body. */
export const accessLog = (app: FastifyInstance, logger: Logger, callers: Callers): void => {
  // Looking for secrets takes a hundred times as long as writing the line, which has no place for any.
  const lines = logger.child({}, { redact: { paths: [] } });
  app.addHook('onResponse', async (request, reply) => {
    const caller = callers.get(request);
    const line = {
      requestId: request.id,
      globalRequestId: globalIdOf(request),
      method: request.method,
      path: request.url.split('?', 1)[0],
      status: reply.statusCode,
      milliseconds: Math.round(reply.elapsedTime * 10) / 10,
      userId: caller?.userId,
      projectId: caller?.projectId,
      remote: request.socket.remoteAddress,
    };
    lines.info(line, 'request');
  });
};
