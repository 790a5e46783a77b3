import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { HTTPNotFound, NotOffered, reasonNotOffered } from '@ovenbird/api';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Logger } from '../core/logger.ts';
import type { Engine } from '../engine/engine.ts';
import type { IdentityDriver } from '../identity/driver.ts';
import { accessLog, type Callers } from './access-log.ts';
import { type PortsMade, watchArrivals } from './arrivals.ts';
import { type AuditRecord, keepAuditTrail } from './audit/trail.ts';
import { authenticateAll } from './authenticate.ts';
import { parseJson, refuseEncoded } from './body.ts';
import { badTarget, refuseClient } from './client-errors.ts';
import { extensionDocuments, openDocuments } from './documents.ts';
import { answerFaults } from './faults.ts';
import { pathOf, requireOneHost } from './host-header.ts';
import { type MetricsOptions, metricsRoute } from './metrics.ts';
import { type Parts, type Presence, probeRoutes } from './probes.ts';
import { originFor } from './request.ts';
import { createRoutes } from './route-table.ts';
import { resourceRoutes } from './routes.ts';
import { createTlsServer, tlsFiles } from './tls.ts';
import { limitConcurrency, limitRate, type TrafficLimits } from './traffic.ts';

export interface ListenerOptions {
  readonly engine: Engine;
  readonly identity: IdentityDriver;
  readonly logger: Logger;
  readonly config: TrafficLimits & {
    /** Base of the links in answers; empty: what the client asked. */
    readonly publicUrl: string;
    /** Longest body, octets. */
    readonly maxBodySize: number;
    /** Longest head of a request, URL included, octets. */
    readonly maxHeadSize: number;
    /** Most members of a list in a body. */
    readonly maxListLength: number;
    /** Connections at once. */
    readonly maxConnections: number;
    /** Seconds for a whole request to arrive. */
    readonly requestTimeout: number;
    /** Seconds in which nothing moves on a connection. */
    readonly idleTimeout: number;
    /** PEM files of the certificate and its key; empty: plain HTTP. */
    readonly tlsCertificate: string;
    readonly tlsKey: string;
    /** Who may read the figures. */
    readonly metricsAccess: MetricsOptions['access'];
  };
  /** Version of the service, for documents. */
  readonly version: string;
  /** Asked by the probes. */
  readonly parts: Parts;
  readonly presence: Presence;
  readonly registry: MetricsOptions['registry'];
  readonly readFigures: MetricsOptions['readFigures'];
  /** Whether every answered request is logged. */
  readonly logRequests: boolean;
  /** Told of ports that requests made. */
  readonly portsMade?: PortsMade;
  /** Told of every request that writes or is refused. */
  readonly audit: ((record: AuditRecord) => void) | undefined;
}

/** Milliseconds that a connection may be kept between requests. */
const keepAliveTimeout = 75_000;
/** Milliseconds after which late requests are looked for. */
const lookout = 1_000;
/** Characters of an answer that goes out apart from its head. */
const LARGE = 65_536;
/** Longest part of a path: tags have up to 255 characters, each up to 12 octets when escaped. */
const longestPart = 4096;

/** `/v2.0/networks.json` → `/v2.0/networks`; clients of old ask so. */
const withoutSuffix = (url: string): string =>
  url.includes('/tags/') ? url : url.replace(/^(\/v2\.0\/[^?]*?)\.json\/?(?=$|\?)/, '$1');

const createHost = (options: ListenerOptions): FastifyInstance => {
  const { maxBodySize: bodyLimit, maxListLength, maxHeadSize: maxHeaderSize } = options.config;
  const requestTimeout = options.config.requestTimeout * 1000;
  const files = tlsFiles(options.config.tlsCertificate, options.config.tlsKey);
  const timeouts = { requestTimeout, headersTimeout: requestTimeout, keepAliveTimeout };
  // Who names no host is answered by us, as everybody else is.
  const http = { maxHeaderSize, requireHostHeader: false, connectionsCheckingInterval: lookout, ...timeouts };
  const app = Fastify({
    bodyLimit,
    serverFactory: (handler) =>
      (files === undefined
        ? createServer(http, handler)
        : createTlsServer(files, http, handler, options.logger)
      ).setTimeout(options.config.idleTimeout * 1000),
    forceCloseConnections: 'idle',
    genReqId: () => `req-${randomUUID()}`,
    requestIdHeader: false,
    rewriteUrl: (request) => withoutSuffix(pathOf(request.url ?? '/')),
    clientErrorHandler: refuseClient,
    frameworkErrors: (_error, _request, reply: FastifyReply) => {
      reply.code(400).header('x-content-type-options', 'nosniff').send(badTarget());
    },
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: longestPart },
  });
  app.server.maxConnections = options.config.maxConnections;
  app.removeAllContentTypeParsers();
  // Every body is JSON, whatever its label: the reference does not look at Content-Type, and clients of it send none.
  app.addContentTypeParser('*', { parseAs: 'string' }, async (request: FastifyRequest, body: string) => {
    refuseEncoded(request);
    return parseJson(body, maxListLength);
  });
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-openstack-request-id', request.id);
    // Answers hold what one caller may see: no cache between may keep them.
    reply.header('cache-control', 'no-store').header('x-content-type-options', 'nosniff');
    // No answer is a page: a browser that is led here shows and runs nothing of it.
    reply.header('content-security-policy', "default-src 'none'; frame-ancestors 'none'");
    if (files !== undefined) reply.header('strict-transport-security', 'max-age=31536000');
    requireOneHost(request);
  });
  // Node joins a text with the head of the answer, and takes three times its length to encode it; lists are megabytes.
  app.addHook('onSend', (_request, _reply, payload, done) => {
    done(null, typeof payload === 'string' && payload.length > LARGE ? Buffer.from(payload) : payload);
  });
  answerFaults(app, { logger: options.logger, bodyLimit, identityUrl: options.identity.publicUrl });
  return app;
};

/** The HTTP side of the service, ready to listen (or to `inject` requests in tests). */
export const createApiListener = (options: ListenerOptions): FastifyInstance => {
  const app = createHost(options);
  const callers: Callers = new WeakMap();
  if (options.logRequests) accessLog(app, options.logger, callers);
  metricsRoute(app, {
    registry: options.registry,
    readFigures: options.readFigures,
    access: options.config.metricsAccess,
  });
  probeRoutes(app, options.parts, options.presence);
  const open = createRoutes(app);
  const originOf = originFor(options.config.publicUrl);
  openDocuments(open, originOf, options.version);
  open.refuseOthers();
  app.setNotFoundHandler(async (): Promise<never> => {
    throw HTTPNotFound();
  });
  app.register(
    async (v2) => {
      if (options.audit !== undefined) keepAuditTrail(v2, callers, options.audit);
      limitConcurrency(v2, options.config.maxRequests);
      const contextOf = authenticateAll(v2, options.identity, callers);
      limitRate(v2, options.config, (request) => contextOf(request).projectId);
      if (options.portsMade !== undefined) watchArrivals(v2, options.portsMade);
      const routes = createRoutes(v2);
      extensionDocuments(routes);
      resourceRoutes(routes, options.engine, { contextOf, originOf });
      routes.refuseOthers();
      v2.setNotFoundHandler(async ({ url }): Promise<never> => {
        const reason = reasonNotOffered(url.replace(/^\/v2\.0\//, '').replace(/\?.*/, ''));
        throw reason === undefined ? HTTPNotFound() : NotOffered({ reason });
      });
    },
    { prefix: '/v2.0' },
  );
  return app;
};
