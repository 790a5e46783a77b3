import type { FastifyRequest } from 'fastify';
import type { Directory } from '../directory.ts';
import type { Session, Sessions } from '../sessions.ts';
import type { Places } from './documents.ts';
import { forbidden, unauthorized } from './fault.ts';

/** What the routes of the lab identity service work with. */
export interface LabServices {
  readonly directory: Directory;
  readonly sessions: Sessions;
  /** Where things are, once the service listens. */
  places(): Places;
}

const header = (request: FastifyRequest, name: string): string | undefined => {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
};

/** The caller's session. Throws 401. */
export const callerOf = (request: FastifyRequest, services: LabServices): Session => {
  const token = header(request, 'x-auth-token');
  const session = token === undefined ? undefined : services.sessions.validate(token);
  if (session === undefined) throw unauthorized();
  return session;
};

export const subjectTokenOf = (request: FastifyRequest): string => {
  const token = header(request, 'x-subject-token');
  if (token === undefined) throw unauthorized();
  return token;
};

export const isAdmin = (session: Session): boolean => session.roles.some((role) => role.name === 'admin');

/** The caller's session when it is an administrator's. Throws 401 or 403. */
export const adminOf = (request: FastifyRequest, services: LabServices): Session => {
  const session = callerOf(request, services);
  if (!isAdmin(session)) throw forbidden();
  return session;
};

/** Query parameters; of repeated ones the first. */
export const queryOf = (request: FastifyRequest): { readonly [name: string]: string } => {
  const query: unknown = request.query;
  if (typeof query !== 'object' || query === null) return {};
  return Object.fromEntries(
    Object.entries(query).map(([name, value]: [string, unknown]) => [
      name,
      String(Array.isArray(value) ? value[0] : value),
    ]),
  );
};

/** A path parameter by name. */
export const paramOf = (request: FastifyRequest, name: string): string => {
  const params: unknown = request.params;
  const value: unknown =
    typeof params === 'object' && params !== null ? Reflect.get(params, name) : undefined;
  return typeof value === 'string' ? value : '';
};
