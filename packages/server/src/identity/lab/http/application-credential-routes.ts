import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ApplicationCredential } from '../credentials.ts';
import type { Session } from '../sessions.ts';
import { callerOf, isAdmin, type LabServices, paramOf, queryOf } from './access.ts';
import { flagAt, isObject, type Json, nameAt, objectAt, textAt } from './body.ts';
import { applicationCredentialDocument } from './documents.ts';
import { badRequest, conflict, forbidden, notFound } from './fault.ts';

const path = '/users/:user/application_credentials';

/** Ids of the roles that a credential is to have: those that it names, or all of the caller's. */
const rolesFor = (session: Session, body: Json): readonly string[] => {
  const { roles } = body;
  if (roles === undefined) return session.roles.map((role) => role.id);
  if (!Array.isArray(roles) || roles.length === 0) throw badRequest("'roles' must be a list of roles");
  return roles.map((given: unknown) => {
    if (!isObject(given)) throw badRequest("'roles' must be a list of roles");
    const [id, name] = [textAt(given, 'id'), textAt(given, 'name')];
    const role = session.roles.find((one) => (id === undefined ? one.name === name : one.id === id));
    if (role === undefined) throw badRequest('You have no such role in this project.');
    return role.id;
  });
};

/** Seconds since the epoch: Keystone's times are of UTC, whether they say so or not. */
const expiryIn = (body: Json, now: number): number | undefined => {
  const given = textAt(body, 'expires_at');
  if (given === undefined) return undefined;
  const expires = Date.parse(/(Z|[+-]\d\d:?\d\d)$/.test(given) ? given : `${given}Z`);
  if (!/^\d{4}-\d\d-\d\dT/.test(given) || Number.isNaN(expires) || expires / 1000 <= now)
    throw badRequest("'expires_at' must be a time to come");
  return Math.floor(expires / 1000);
};

const secretIn = (body: Json): string | undefined => {
  const secret = textAt(body, 'secret');
  if (secret === '') throw badRequest("'secret' must not be empty");
  return secret;
};

/** The caller, who must be this user and must not have come by a restricted credential. */
const makerOf = (request: FastifyRequest, services: LabServices): Session => {
  const session = callerOf(request, services);
  if (session.user.id !== paramOf(request, 'user')) throw forbidden();
  if (session.credential !== undefined && !session.credential.unrestricted) throw forbidden();
  return session;
};

const wantedOf = (session: Session, body: Json, services: LabServices): Omit<ApplicationCredential, 'id'> => {
  const { user, project } = session;
  if (project === undefined) throw forbidden();
  // Such rules would let it in for single requests only, which nobody here could hold it to.
  if (Array.isArray(body.access_rules) && body.access_rules.length > 0)
    throw badRequest('Access rules are not supported.');
  return {
    userId: user.id,
    projectId: project.id,
    name: nameAt(body),
    description: textAt(body, 'description') ?? '',
    roles: rolesFor(session, body),
    expires: expiryIn(body, services.sessions.now()),
    unrestricted: flagAt(body, 'unrestricted') ?? false,
  };
};

/** `/v3/users/{id}/application_credentials`: of the caller, or, to look at and to delete, of anybody for administrators. */
export const applicationCredentialRoutes = (app: FastifyInstance, services: LabServices): void => {
  const { directory, credentials } = services;
  const document = (credential: ApplicationCredential) =>
    applicationCredentialDocument(credential, directory, services.places());
  const visible = (request: FastifyRequest): string => {
    const session = callerOf(request, services);
    const user = paramOf(request, 'user');
    if (session.user.id !== user && !isAdmin(session)) throw forbidden();
    return user;
  };
  const found = (user: string, id: string): ApplicationCredential => {
    const credential = credentials.find(id);
    if (credential?.userId !== user) throw notFound('application credential', id);
    return credential;
  };
  app.get(path, async (request) => {
    const user = visible(request);
    const { name } = queryOf(request);
    const listed = credentials.of(user).filter((one) => name === undefined || one.name === name);
    const self = `${services.places().identity}/users/${encodeURIComponent(user)}/application_credentials`;
    return { application_credentials: listed.map(document), links: { self, previous: null, next: null } };
  });
  app.post(path, async (request, reply) => {
    const session = makerOf(request, services);
    const body = objectAt(request.body, 'application_credential');
    const wanted = wantedOf(session, body, services);
    const made = await credentials.make(wanted, secretIn(body));
    if (made === undefined) throw conflict('application credential', wanted.name);
    const { credential, secret } = made;
    return reply.code(201).send({ application_credential: { ...document(credential), secret } });
  });
  app.get(`${path}/:id`, async (request) => ({
    application_credential: document(found(visible(request), paramOf(request, 'id'))),
  }));
  app.delete(`${path}/:id`, async (request, reply) => {
    const user = visible(request);
    const { credential } = callerOf(request, services);
    if (credential !== undefined && !credential.unrestricted) throw forbidden();
    credentials.remove(found(user, paramOf(request, 'id')).id);
    return reply.code(204).send();
  });
};
