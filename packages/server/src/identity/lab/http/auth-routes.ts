import type { FastifyInstance } from 'fastify';
import type { Directory, Scope, User } from '../directory.ts';
import { callerOf, isAdmin, type LabServices, queryOf, subjectTokenOf } from './access.ts';
import { isObject, type Json, objectAt, optionalObjectAt, textAt } from './body.ts';
import { catalog, domainDocument, projectDocument, tokenDocument } from './documents.ts';
import { badRequest, forbidden, notFound, unauthorized } from './fault.ts';
import { domainIn, identify } from './identify.ts';

/** The scope that a request asks for; undefined: it leaves it open. */
const wantedScope = (directory: Directory, auth: Json): Scope | undefined => {
  if (auth.scope === 'unscoped') return 'unscoped';
  const scope = optionalObjectAt(auth, 'scope');
  if (scope === undefined) return undefined;
  if (isObject(scope.unscoped)) return 'unscoped';
  if (scope.system !== undefined) return 'system';
  const project = optionalObjectAt(scope, 'project');
  if (project === undefined) return `domain:${domainIn(directory, scope).id}`;
  const id = textAt(project, 'id');
  if (id !== undefined) return `project:${id}`;
  const name = textAt(project, 'name');
  if (name === undefined) throw badRequest("'id' or 'name' is a required property");
  const found = directory.projectNamed(name, domainIn(directory, project).id);
  if (found === undefined) throw unauthorized();
  return `project:${found.id}`;
};

/** Scopes to try, in order. An application credential has one scope, and no other may be asked for with it. */
const scopesFor = (
  user: User,
  wanted: Scope | undefined,
  ofCredential: Scope | undefined,
): readonly Scope[] => {
  if (ofCredential !== undefined) return wanted === undefined ? [ofCredential] : [];
  if (wanted !== undefined) return [wanted];
  return user.default_project_id === null ? ['unscoped'] : [`project:${user.default_project_id}`, 'unscoped'];
};

const issue = async (services: LabServices, body: unknown): Promise<string> => {
  const { directory, sessions } = services;
  const auth = objectAt(body, 'auth');
  const { user, methods, expires, credential } = await identify(services, auth);
  for (const scope of scopesFor(user, wantedScope(directory, auth), credential?.scope)) {
    const token = sessions.issue({ userId: user.id, scope, methods, expires, credential: credential?.id });
    if (token !== undefined) return token;
  }
  throw unauthorized();
};

const tokenRoutes = (app: FastifyInstance, services: LabServices): void => {
  app.post('/auth/tokens', async (request, reply) => {
    const token = await issue(services, request.body);
    const session = services.sessions.validate(token);
    if (session === undefined) throw unauthorized();
    const withCatalog = !Object.hasOwn(queryOf(request), 'nocatalog');
    const document = tokenDocument(session, services.directory, services.places(), withCatalog);
    return reply.code(201).header('x-subject-token', token).header('vary', 'X-Auth-Token').send(document);
  });
  app.get('/auth/tokens', async (request, reply) => {
    const caller = callerOf(request, services);
    const token = subjectTokenOf(request);
    const subject = services.sessions.validate(token);
    const allowed =
      subject?.user.id === caller.user.id ||
      isAdmin(caller) ||
      caller.roles.some((role) => role.name === 'service');
    if (!allowed && subject !== undefined) throw forbidden();
    if (subject === undefined) throw notFound('token', '');
    const withCatalog = !Object.hasOwn(queryOf(request), 'nocatalog');
    const document = tokenDocument(subject, services.directory, services.places(), withCatalog);
    return reply.header('x-subject-token', token).header('vary', 'X-Auth-Token').send(document);
  });
  app.delete('/auth/tokens', async (request, reply) => {
    const caller = callerOf(request, services);
    const subject = services.sessions.validate(subjectTokenOf(request));
    if (subject === undefined) throw notFound('token', '');
    if (subject.user.id !== caller.user.id && !isAdmin(caller)) throw forbidden();
    services.sessions.revoke(subject);
    return reply.code(204).send();
  });
};

/** `/v3/auth/…`: tokens, the catalogue, and the scopes that the caller may choose. */
export const authRoutes = (app: FastifyInstance, services: LabServices): void => {
  const { directory } = services;
  tokenRoutes(app, services);
  app.get('/auth/catalog', async (request) => {
    callerOf(request, services);
    const places = services.places();
    return { catalog: catalog(places), links: { self: `${places.identity}/auth/catalog` } };
  });
  app.get('/auth/projects', async (request) => {
    const { user } = callerOf(request, services);
    const places = services.places();
    const mine = new Set(directory.scopesOf(user.id));
    const projects = directory.projects().filter((project) => mine.has(`project:${project.id}`));
    return {
      projects: projects.map((project) => projectDocument(project, places)),
      links: { self: `${places.identity}/auth/projects`, previous: null, next: null },
    };
  });
  app.get('/auth/domains', async (request) => {
    const { user } = callerOf(request, services);
    const places = services.places();
    const mine = new Set(directory.scopesOf(user.id));
    const domains = directory.domains().filter((domain) => mine.has(`domain:${domain.id}`));
    return {
      domains: domains.map((domain) => domainDocument(domain, places)),
      links: { self: `${places.identity}/auth/domains`, previous: null, next: null },
    };
  });
  app.get('/auth/system', async (request) => {
    const { user } = callerOf(request, services);
    const system = directory.scopesOf(user.id).includes('system') ? [{ all: true }] : [];
    return { system, links: { self: `${services.places().identity}/auth/system` } };
  });
};
