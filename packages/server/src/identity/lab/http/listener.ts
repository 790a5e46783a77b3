import Fastify, { type FastifyInstance } from 'fastify';
import type { Logger } from '../../../core/logger.ts';
import type { LabServices } from './access.ts';
import { applicationCredentialRoutes } from './application-credential-routes.ts';
import { authRoutes } from './auth-routes.ts';
import { catalogRoutes } from './catalog-routes.ts';
import { versionDocument } from './documents.ts';
import { domainEntity, projectEntity, roleEntity, userEntity } from './entities.ts';
import { entityRoutes } from './entity-routes.ts';
import { faultBody, IdentityFault } from './fault.ts';
import { grantRoutes } from './grant-routes.ts';

const statusOf = (error: unknown): number => {
  if (error instanceof IdentityFault) return error.status;
  const status: unknown =
    typeof error === 'object' && error !== null ? Reflect.get(error, 'statusCode') : undefined;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : 500;
};

/** The lab identity service's HTTP side, not listening yet. */
export const createIdentityListener = (services: LabServices, logger: Logger): FastifyInstance => {
  const app = Fastify({
    bodyLimit: 64 * 1024,
    requestTimeout: 30_000,
    forceCloseConnections: 'idle',
    onProtoPoisoning: 'error',
    onConstructorPoisoning: 'remove',
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 255 },
  });
  app.setErrorHandler(async (error, request, reply) => {
    const status = statusOf(error);
    if (status === 500)
      logger.error(
        { err: error, method: request.method, route: request.routeOptions.url },
        'identity request failed',
      );
    const message =
      status === 500 || !(error instanceof Error) ? 'An unexpected error occurred.' : error.message;
    if (error instanceof IdentityFault) reply.headers(error.headers);
    return reply.code(status).send(faultBody(status, message));
  });
  app.setNotFoundHandler(async (_request, reply) =>
    reply.code(404).send(faultBody(404, 'The resource could not be found.')),
  );
  app.get('/', async (_request, reply) =>
    reply.code(300).send({ versions: { values: [versionDocument(services.places())] } }),
  );
  app.register(
    async (v3) => {
      v3.get('/', async () => ({ version: versionDocument(services.places()) }));
      authRoutes(v3, services);
      entityRoutes(v3, services, domainEntity(services.directory));
      entityRoutes(v3, services, projectEntity(services.directory));
      entityRoutes(v3, services, userEntity(services.directory));
      entityRoutes(v3, services, roleEntity(services.directory));
      grantRoutes(v3, services);
      applicationCredentialRoutes(v3, services);
      catalogRoutes(v3, services);
    },
    { prefix: '/v3' },
  );
  return app;
};
