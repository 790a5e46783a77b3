import { HTTPBadRequest } from '@ovenbird/api';
import type { FastifyRequest } from 'fastify';

/** A name or an address, and perhaps a port. */
const HOST = /^(\[[\da-f:.]+\]|[\w.-]+)(:\d{1,5})?$/i;
/** Scheme and host before the path, as requests to a proxy have them. */
const ORIGIN = /^https?:\/\/([^/?#]*)/i;

/** The target of a request without scheme and host. */
export const pathOf = (target: string): string => {
  const rest = target.replace(ORIGIN, '');
  return rest.startsWith('/') || rest === target ? rest : `/${rest}`;
};

/**
 * Whoever stands between a client and us must not read another host in a request than we do.
 *
 * @throws ApiError 400 when the request names several hosts or none that could be
 */
export const requireOneHost = ({ headers, raw, originalUrl }: FastifyRequest): void => {
  const { host = '' } = headers;
  const given = raw.rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === 'host');
  const inTarget = ORIGIN.exec(originalUrl)?.[1] ?? host;
  const old = raw.httpVersion === '1.0' && given.length === 0;
  const fits = old || (given.length === 1 && HOST.test(host));
  if (!fits || inTarget.toLowerCase() !== host.toLowerCase())
    throw HTTPBadRequest({ message: 'The request must name one host.' });
};
