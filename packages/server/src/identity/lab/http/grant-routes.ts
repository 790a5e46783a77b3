import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Assignment, Scope } from '../directory.ts';
import { adminOf, callerOf, isAdmin, type LabServices, paramOf, queryOf, requirePassword } from './access.ts';
import { isObject, textAt } from './body.ts';
import { assignmentDocument, projectDocument, roleDocument } from './documents.ts';
import { badRequest, forbidden, notFound } from './fault.ts';

/** What roles are granted on, by the paths that name it. */
const scopes: readonly {
  readonly path: string;
  scope(request: FastifyRequest, services: LabServices): Scope;
}[] = [
  {
    path: '/projects/:target/users/:user/roles',
    scope(request, { directory }) {
      const id = paramOf(request, 'target');
      if (directory.project(id) === undefined) throw notFound('project', id);
      return `project:${id}`;
    },
  },
  {
    path: '/domains/:target/users/:user/roles',
    scope(request, { directory }) {
      const id = paramOf(request, 'target');
      if (directory.domain(id) === undefined) throw notFound('domain', id);
      return `domain:${id}`;
    },
  },
  { path: '/system/users/:user/roles', scope: () => 'system' },
];

const userOf = (request: FastifyRequest, { directory }: LabServices): string => {
  const id = paramOf(request, 'user');
  if (directory.user(id) === undefined) throw notFound('user', id);
  return id;
};

const roleOf = (request: FastifyRequest, { directory }: LabServices): string => {
  const id = paramOf(request, 'role');
  if (directory.role(id) === undefined) throw notFound('role', id);
  return id;
};

const grants = (app: FastifyInstance, services: LabServices): void => {
  const { directory } = services;
  for (const { path, scope } of scopes) {
    const assignment = (request: FastifyRequest): Assignment => {
      adminOf(request, services);
      return {
        scope: scope(request, services),
        userId: userOf(request, services),
        roleId: roleOf(request, services),
      };
    };
    app.get(path, async (request) => {
      adminOf(request, services);
      const [where, userId] = [scope(request, services), userOf(request, services)];
      const direct = directory.assignments().filter((one) => one.scope === where && one.userId === userId);
      const places = services.places();
      return {
        roles: direct
          .flatMap((one) => directory.role(one.roleId) ?? [])
          .map((role) => roleDocument(role, places)),
        links: { self: `${places.identity}${request.url.replace(/^\/v3/, '')}`, previous: null, next: null },
      };
    });
    app.put(`${path}/:role`, async (request, reply) => {
      directory.grant(assignment(request));
      return reply.code(204).send();
    });
    app.get(`${path}/:role`, async (request, reply) => {
      const wanted = assignment(request);
      const has = directory
        .assignments()
        .some(
          (one) => one.scope === wanted.scope && one.userId === wanted.userId && one.roleId === wanted.roleId,
        );
      if (!has) throw notFound('role', wanted.roleId);
      return reply.code(204).send();
    });
    app.delete(`${path}/:role`, async (request, reply) => {
      const wanted = assignment(request);
      if (!directory.revoke(wanted)) throw notFound('role', wanted.roleId);
      return reply.code(204).send();
    });
  }
};

/** Who has which role where, the caller's own projects and password. */
export const grantRoutes = (app: FastifyInstance, services: LabServices): void => {
  const { directory } = services;
  grants(app, services);
  app.get('/role_assignments', async (request) => {
    const caller = callerOf(request, services);
    const query = queryOf(request);
    if (!isAdmin(caller) && query['user.id'] !== caller.user.id) throw forbidden();
    const project = query['scope.project.id'];
    const found = directory
      .assignments()
      .filter((one) => query['user.id'] === undefined || one.userId === query['user.id'])
      .filter((one) => query['role.id'] === undefined || one.roleId === query['role.id'])
      .filter((one) => project === undefined || one.scope === `project:${project}`)
      .filter((one) => query['scope.system'] === undefined || one.scope === 'system');
    const names = Object.hasOwn(query, 'include_names') && query.include_names !== 'False';
    return {
      role_assignments: found.map((one) => assignmentDocument(one, directory, names)),
      links: { self: `${services.places().identity}/role_assignments`, previous: null, next: null },
    };
  });
  app.get('/users/:user/projects', async (request) => {
    const caller = callerOf(request, services);
    const id = paramOf(request, 'user');
    if (caller.user.id !== id && !isAdmin(caller)) throw forbidden();
    const mine = new Set(directory.scopesOf(id));
    const places = services.places();
    const projects = directory.projects().filter((project) => mine.has(`project:${project.id}`));
    return {
      projects: projects.map((project) => projectDocument(project, places)),
      links: {
        self: `${places.identity}/users/${encodeURIComponent(id)}/projects`,
        previous: null,
        next: null,
      },
    };
  });
  app.post('/users/:user/password', async (request, reply) => {
    const id = userOf(request, services);
    const given = isObject(request.body) && isObject(request.body.user) ? request.body.user : {};
    const [before, after] = [textAt(given, 'original_password'), textAt(given, 'password')];
    if (before === undefined || after === undefined) throw badRequest('both passwords must be given');
    await requirePassword(services.guesses, id, () => directory.passwordIs(id, before));
    await directory.setPassword(id, after);
    return reply.code(204).send();
  });
};
