import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { RequestContext } from '../identity/context.ts';
import type { IdentityDriver } from '../identity/driver.ts';
import type { Callers } from './access-log.ts';

const header = (request: FastifyRequest, name: string): string | undefined => {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
};

/** Gives the context of a request that {@link authenticateAll} let in. */
export type ContextOf = (request: FastifyRequest) => RequestContext;

/**
 * Ask the identity driver about every request of `app`, before its body is read. Nothing else in a request says who is
 * asking.
 */
export const authenticateAll = (
  app: FastifyInstance,
  identity: IdentityDriver,
  contexts: Callers = new WeakMap(),
): ContextOf => {
  app.addHook('onRequest', async (request) => {
    const presented = {
      token: header(request, 'x-auth-token'),
      serviceToken: header(request, 'x-service-token'),
    };
    contexts.set(request, await identity.authenticate(presented, request.id));
  });
  return (request) => {
    const context = contexts.get(request);
    if (context === undefined) throw new Error('a route was reached without authentication');
    return context;
  };
};
