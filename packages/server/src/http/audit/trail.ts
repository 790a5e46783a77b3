import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { RequestContext } from '../../identity/context.ts';
import type { Callers } from '../access-log.ts';
import { paramsOf } from '../request.ts';
import { globalIdOf } from '../request-id.ts';
import { type AuditTarget, auditTarget, idsIn } from './target.ts';

/** Who did what to which object, with which result. */
export interface AuditRecord {
  readonly time: Date;
  readonly requestId: string;
  readonly globalRequestId: string | undefined;
  /** undefined: nobody, as far as the service knows. */
  readonly caller: RequestContext | undefined;
  readonly action: 'create' | 'read' | 'update' | 'delete';
  readonly target: AuditTarget;
  /** The object that the path names, or those that were made. */
  readonly ids: readonly string[];
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly status: number;
  /** Type of the error that was answered. */
  readonly reason: string | undefined;
  readonly source: string | undefined;
}

const actions: { readonly [method: string]: AuditRecord['action'] } = {
  POST: 'create',
  PUT: 'update',
  PATCH: 'update',
  DELETE: 'delete',
};

/** No valid token, not allowed, too many: told of reads too. */
const REFUSED = new Set([401, 403, 429]);
const CREATED = 201;

const errorTypeIn = (status: number, payload: unknown): string | undefined => {
  if (status < 400 || typeof payload !== 'string') return undefined;
  return /^\{"NeutronError":\{"type":"(\w+)"/.exec(payload)?.[1];
};

const recordOf = (
  request: FastifyRequest,
  reply: FastifyReply,
  caller: RequestContext | undefined,
  made: readonly string[],
  payload: unknown,
): AuditRecord => {
  const target = auditTarget(request.routeOptions.url ?? '', paramsOf(request));
  const named = target.id === '' ? [] : [target.id];
  return {
    time: new Date(),
    requestId: request.id,
    globalRequestId: globalIdOf(request),
    caller,
    action: actions[request.method] ?? 'read',
    target,
    ids: made.length > 0 && target.operation === undefined ? made : named,
    method: request.method,
    path: request.url.split('?', 1)[0] ?? '',
    status: reply.statusCode,
    reason: errorTypeIn(reply.statusCode, payload),
    source: request.socket.remoteAddress,
  };
};

/**
 * Tell of every request that writes and of every one that is refused, when its answer is known: also when the client did
 * not wait for it. Nothing of a body, a query or a header but ids of requests is told.
 */
export const keepAuditTrail = (
  app: FastifyInstance,
  callers: Callers,
  tell: (record: AuditRecord) => void,
): void => {
  const made = new WeakMap<FastifyRequest, readonly string[]>();
  app.addHook('preSerialization', async (request, reply, payload: unknown) => {
    if (request.method === 'POST' && reply.statusCode === CREATED) made.set(request, idsIn(payload));
    return payload;
  });
  app.addHook('onSend', async (request, reply, payload: unknown) => {
    if (actions[request.method] !== undefined || REFUSED.has(reply.statusCode))
      tell(recordOf(request, reply, callers.get(request), made.get(request) ?? [], payload));
    return payload;
  });
};
