import { HTTPBadRequest } from '@ovenbird/api';
import type { FastifyRequest } from 'fastify';

/** A path parameter. */
export const paramOf = (request: FastifyRequest, name: string): string => {
  const params: unknown = request.params;
  const value: unknown =
    typeof params === 'object' && params !== null ? Reflect.get(params, name) : undefined;
  return typeof value === 'string' ? value : '';
};

/** All path parameters by name. */
export const paramsOf = (request: FastifyRequest): { readonly [name: string]: string } =>
  Object.fromEntries(Object.entries(Object(request.params)).map(([name, value]) => [name, String(value)]));

/** Gives the URL of the service as the client should know it, without a slash at the end. */
export type OriginOf = (request: FastifyRequest) => string;

/** Where the request arrived, for clients of HTTP/1.0, who need not say whom they ask. */
const arrivedAt = ({ localAddress = '', localPort = 0 }: FastifyRequest['socket']): string =>
  localAddress.includes(':') ? `[${localAddress}]:${localPort}` : `${localAddress}:${localPort}`;

/** @param publicUrl as configured; empty: what the client asked */
export const originFor = (publicUrl: string): OriginOf => {
  const configured = publicUrl.replace(/\/+$/, '');
  return configured === ''
    ? (request) => `${request.protocol}://${request.host || arrivedAt(request.socket)}`
    : () => configured;
};

/**
 * The revision that `If-Match: revision_number=N` asks for.
 *
 * @throws ApiError 400 for another form
 */
export const revisionOf = (request: FastifyRequest): number | undefined => {
  const text = request.headers['if-match'];
  if (text === undefined) return undefined;
  const revision = /^"?revision_number=(\d{1,15})"?$/.exec(text.trim())?.[1];
  if (revision === undefined)
    throw HTTPBadRequest({ message: 'If-Match must be of the form revision_number=N' });
  return Number(revision);
};
