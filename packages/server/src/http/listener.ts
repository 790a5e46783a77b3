import { randomUUID } from 'node:crypto';
import { HTTPNotFound } from '@ovenbird/api';
import Fastify, { type FastifyInstance } from 'fastify';
import type { Logger } from '../core/logger.ts';
import type { Engine } from '../engine/engine.ts';
import type { IdentityDriver } from '../identity/driver.ts';
import { accessLog, type Callers } from './access-log.ts';
import { authenticateAll } from './authenticate.ts';
import { parseJson } from './body.ts';
import { extensionDocuments, openDocuments } from './documents.ts';
import { answerFaults } from './faults.ts';
import { type MetricsOptions, metricsRoute } from './metrics.ts';
import { type Parts, type Presence, probeRoutes } from './probes.ts';
import { originFor } from './request.ts';
import { createRoutes } from './route-table.ts';
import { resourceRoutes } from './routes.ts';

export interface ListenerOptions {
  readonly engine: Engine;
  readonly identity: IdentityDriver;
  readonly logger: Logger;
  readonly config: {
    /** Base of the links in answers; empty: what the client asked. */
    readonly publicUrl: string;
    /** Longest body, octets. */
    readonly maxBodySize: number;
    /** Seconds for a whole request to arrive. */
    readonly requestTimeout: number;
    /** Who may read the figures. */
    readonly metricsAccess: MetricsOptions['access'];
  };
  /** Version of the service, for documents. */
  readonly version: string;
  /** Asked by the probes. */
  readonly parts: Parts;
  readonly presence: Presence;
  readonly registry: MetricsOptions['registry'];
  /** Whether every answered request is logged. */
  readonly logRequests: boolean;
}

/** Longest head of a request, octets. */
const headLimit = 16 * 1024;
/** Milliseconds that a connection may be idle. */
const idleTimeout = 75_000;
/** Longest part of a path: tags have up to 255 characters, each up to 12 octets when escaped. */
const longestPart = 4096;

/** `/v2.0/networks.json` → `/v2.0/networks`; clients of old ask so. */
const withoutSuffix = (url: string): string =>
  url.includes('/tags/') ? url : url.replace(/^(\/v2\.0\/[^?]*?)\.json\/?(?=$|\?)/, '$1');

const createHost = (options: ListenerOptions): FastifyInstance => {
  const { maxBodySize: bodyLimit } = options.config;
  const requestTimeout = options.config.requestTimeout * 1000;
  const app = Fastify({
    bodyLimit,
    requestTimeout,
    keepAliveTimeout: idleTimeout,
    http: { maxHeaderSize: headLimit, headersTimeout: requestTimeout },
    forceCloseConnections: 'idle',
    genReqId: () => `req-${randomUUID()}`,
    requestIdHeader: false,
    rewriteUrl: (request) => withoutSuffix(request.url ?? '/'),
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: longestPart },
  });
  app.removeAllContentTypeParsers();
  // Every body is JSON, whatever its label: the reference does not look at Content-Type, and clients of it send none.
  app.addContentTypeParser('*', { parseAs: 'string' }, async (_request: unknown, body: string) =>
    parseJson(body),
  );
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-openstack-request-id', request.id);
    // Answers hold what one caller may see: no cache between may keep them.
    reply.header('cache-control', 'no-store').header('x-content-type-options', 'nosniff');
  });
  answerFaults(app, { logger: options.logger, bodyLimit, identityUrl: options.identity.publicUrl });
  return app;
};

/** The HTTP side of the service, ready to listen (or to `inject` requests in tests). */
export const createApiListener = (options: ListenerOptions): FastifyInstance => {
  const app = createHost(options);
  const callers: Callers = new WeakMap();
  if (options.logRequests) accessLog(app, options.logger, callers);
  metricsRoute(app, { registry: options.registry, access: options.config.metricsAccess });
  probeRoutes(app, options.parts, options.presence);
  const open = createRoutes(app);
  const originOf = originFor(options.config.publicUrl);
  openDocuments(open, originOf, options.version);
  open.refuseOthers();
  const unknownPath = async (): Promise<never> => {
    throw HTTPNotFound();
  };
  app.setNotFoundHandler(unknownPath);
  app.register(
    async (v2) => {
      const contextOf = authenticateAll(v2, options.identity, callers);
      const routes = createRoutes(v2);
      extensionDocuments(routes);
      resourceRoutes(routes, options.engine, { contextOf, originOf });
      routes.refuseOthers();
      v2.setNotFoundHandler(unknownPath);
    },
    { prefix: '/v2.0' },
  );
  return app;
};
