import {
  ApiError,
  HTTPBadRequest,
  HTTPInternalServerError,
  HTTPRequestEntityTooLarge,
  HTTPUnauthorized,
  neutronErrorBody,
} from '@ovenbird/api';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from '../core/logger.ts';

const statusIn = (error: unknown): number | undefined => {
  const status: unknown =
    typeof error === 'object' && error !== null ? Reflect.get(error, 'statusCode') : undefined;
  return typeof status === 'number' ? status : undefined;
};

/** Whatever was thrown → the error to answer with; undefined: a fault of ours. */
const answerable = (error: unknown, bodyLimit: number): ApiError | undefined => {
  if (error instanceof ApiError) return error;
  switch (statusIn(error)) {
    case 413:
      return HTTPRequestEntityTooLarge({ limit: bodyLimit });
    case 415:
      return new ApiError(415, 'HTTPUnsupportedMediaType', 'The body must be application/json.');
    case 408:
      return new ApiError(408, 'HTTPRequestTimeout', 'The request took too long to arrive.');
    case 503:
      return new ApiError(503, 'ServiceUnavailable', 'The service is stopping.', {
        headers: { 'retry-after': '5' },
      });
    case 400:
      return HTTPBadRequest({ message: 'The request could not be understood.' });
    default:
      return undefined;
  }
};

/** What a client without a valid token gets, in the identity service's form. */
const unauthorizedBody = {
  error: { code: 401, title: 'Unauthorized', message: 'The request you have made requires authentication.' },
};

/**
 * JSON in which no markup stands, whatever the message repeats of the request: the text is the same once it is parsed.
 */
const inertJson = (body: object): string =>
  JSON.stringify(body).replaceAll(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

export interface FaultOptions {
  readonly logger: Logger;
  readonly bodyLimit: number;
  /** Where clients get a token. */
  readonly identityUrl: string | undefined;
}

/** Answer errors in the reference's form. Faults of ours are logged with the request's id and say nothing else. */
export const answerFaults = (app: FastifyInstance, options: FaultOptions): void => {
  const { logger, bodyLimit, identityUrl } = options;
  app.setErrorHandler(async (error: unknown, request: FastifyRequest, reply: FastifyReply) => {
    const known = answerable(error, bodyLimit);
    const where = { requestId: request.id, method: request.method, route: request.routeOptions.url };
    if (known === undefined) logger.error({ ...where, err: error }, 'request failed');
    else if (known.status >= 500 && known.cause !== undefined)
      logger.warn({ ...where, err: known }, 'request could not be finished');
    const shown = known ?? HTTPInternalServerError();
    reply.code(shown.status).headers(shown.headers);
    if (HTTPUnauthorized.is(shown)) {
      reply.header('www-authenticate', `Keystone uri="${identityUrl ?? ''}"`);
      return reply.send(unauthorizedBody);
    }
    return reply.type('application/json; charset=utf-8').send(inertJson(neutronErrorBody(shown)));
  });
};
