import type { FastifyRequest } from 'fastify';
import type { TokenBuckets } from '../../../core/token-buckets.ts';
import type { ApplicationCredentials } from '../credentials.ts';
import type { Directory } from '../directory.ts';
import type { Session, Sessions } from '../sessions.ts';
import type { Places } from './documents.ts';
import { forbidden, tooManyGuesses, unauthorized } from './fault.ts';

/** What the routes of the lab identity service work with. */
export interface LabServices {
  readonly directory: Directory;
  readonly credentials: ApplicationCredentials;
  readonly sessions: Sessions;
  /** Wrong passwords and secrets, by the user or application credential that they are for. */
  readonly guesses: TokenBuckets;
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

/**
 * Look at a password of a user, there or not, as long as there were not too many wrong ones.
 *
 * @throws IdentityFault 401 when it is wrong, 429 when it is not looked at
 */
export const requirePassword = async (
  guesses: TokenBuckets,
  user: string,
  isRight: () => Promise<boolean>,
): Promise<void> => {
  const wait = guesses.wait(user);
  if (wait > 0) throw tooManyGuesses(wait);
  if (await isRight()) return;
  // Those that are looked at at once all count.
  guesses.charge(user);
  throw unauthorized();
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
