import { type Directory, type Domain, newId, type Project, type Role, type User } from '../directory.ts';
import { defaultDomain } from '../seed.ts';
import { checkedName, flagAt, type Json, nameAt, textAt } from './body.ts';
import { domainDocument, projectDocument, roleDocument, userDocument } from './documents.ts';
import type { Entity } from './entity-routes.ts';
import { badRequest, conflict, IdentityFault, notFound } from './fault.ts';

const common = (current: Domain, body: Json): Domain => ({
  id: current.id,
  name: checkedName(textAt(body, 'name') ?? current.name),
  description: textAt(body, 'description') ?? current.description,
  enabled: flagAt(body, 'enabled') ?? current.enabled,
});

const blank = (body: Json): Domain => ({ id: newId(), name: nameAt(body), description: '', enabled: true });

/** Throws 409 when another one has the name already. */
const unique = <T extends { readonly id: string; readonly name: string }>(
  kind: string,
  other: T | undefined,
  one: T,
): T => {
  if (other !== undefined && other.id !== one.id) throw conflict(kind, one.name);
  return one;
};

const domainFor = (directory: Directory, body: Json): string => {
  const id = textAt(body, 'domain_id') ?? defaultDomain;
  if (directory.domain(id) === undefined) throw notFound('domain', id);
  return id;
};

export const domainEntity = (directory: Directory): Entity<Domain> => {
  const save = (domain: Domain): Domain => {
    directory.saveDomain(unique('domain', directory.domainNamed(domain.name), domain));
    return domain;
  };
  return {
    name: 'domain',
    collection: 'domains',
    all: () => directory.domains(),
    find: (id) => directory.domain(id),
    document: domainDocument,
    create: (body) => save(common(blank(body), body)),
    update: (current, body) => save(common(current, body)),
    remove(domain) {
      if (domain.enabled) throw new IdentityFault(403, 'A domain must be disabled before it is deleted.');
      const inside = [...directory.projects(), ...directory.users()];
      if (inside.some((one) => one.domain_id === domain.id)) throw badRequest('The domain is not empty.');
      directory.removeDomain(domain.id);
    },
    maySee: (session, domain) => session.user.domain_id === domain.id,
  };
};

export const projectEntity = (directory: Directory): Entity<Project> => {
  const save = (project: Project): Project => {
    directory.saveProject(
      unique('project', directory.projectNamed(project.name, project.domain_id), project),
    );
    return project;
  };
  return {
    name: 'project',
    collection: 'projects',
    all: () => directory.projects(),
    find: (id) => directory.project(id),
    document: projectDocument,
    create: (body) => save({ ...common(blank(body), body), domain_id: domainFor(directory, body) }),
    update: (current, body) => save({ ...current, ...common(current, body) }),
    remove: (project) => directory.removeProject(project.id),
    maySee: (session, project) => directory.scopesOf(session.user.id).includes(`project:${project.id}`),
  };
};

export const userEntity = (directory: Directory): Entity<User> => {
  const save = async (user: User, body: Json): Promise<User> => {
    directory.saveUser(unique('user', directory.userNamed(user.name, user.domain_id), user));
    const password = textAt(body, 'password');
    if (password !== undefined) await directory.setPassword(user.id, password);
    return user;
  };
  const own = (
    current: { readonly email: string | null; readonly default_project_id: string | null },
    body: Json,
  ) => ({
    email: textAt(body, 'email') ?? current.email,
    default_project_id: textAt(body, 'default_project_id') ?? current.default_project_id,
  });
  return {
    name: 'user',
    collection: 'users',
    all: () => directory.users(),
    find: (id) => directory.user(id),
    document: userDocument,
    create: (body) =>
      save(
        {
          ...common(blank(body), body),
          domain_id: domainFor(directory, body),
          ...own({ email: null, default_project_id: null }, body),
        },
        body,
      ),
    update: (current, body) => save({ ...current, ...common(current, body), ...own(current, body) }, body),
    remove: (user) => directory.removeUser(user.id),
    maySee: (session, user) => session.user.id === user.id,
  };
};

export const roleEntity = (directory: Directory): Entity<Role> => {
  const save = (role: Role): Role => {
    directory.saveRole(unique('role', directory.roleNamed(role.name), role));
    return role;
  };
  return {
    name: 'role',
    collection: 'roles',
    all: () => directory.roles(),
    find: (id) => directory.role(id),
    document: roleDocument,
    create: (body) =>
      save({ id: newId(), name: nameAt(body), description: textAt(body, 'description') ?? '' }),
    update: (current, body) =>
      save({
        id: current.id,
        name: checkedName(textAt(body, 'name') ?? current.name),
        description: textAt(body, 'description') ?? current.description,
      }),
    remove: (role) => directory.removeRole(role.id),
    maySee: () => false,
  };
};
