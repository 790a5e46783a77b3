import type { Directory, Project } from './directory.ts';
import { newId } from './directory.ts';
import { randomPassword } from './password.ts';

export const defaultDomain = 'default';

const baseRoles: { readonly [name: string]: string } = {
  admin: 'Everything, in every project',
  manager: 'Manages a project',
  member: 'Uses a project',
  reader: 'Looks at a project',
  service: 'Calls between services',
};

/** The project of that name in the default domain, made when there is none. */
export const ensureProject = (directory: Directory, name: string): Project => {
  const known = directory.projectNamed(name, defaultDomain);
  if (known !== undefined) return known;
  const project = { id: newId(), name, domain_id: defaultDomain, description: '', enabled: true };
  directory.saveProject(project);
  return project;
};

/** A user that must exist. `roles` are granted on `project`, an administrator's also on the system. */
export interface EnsuredUser {
  readonly name: string;
  readonly password: string;
  readonly project: string;
  readonly roles: readonly string[];
}

/** The user, made when there is none; its password and roles are set either way. Returns its id. */
export const ensureUser = async (directory: Directory, wanted: EnsuredUser): Promise<string> => {
  const project = ensureProject(directory, wanted.project);
  const id = directory.userNamed(wanted.name, defaultDomain)?.id ?? newId();
  directory.saveUser({
    id,
    name: wanted.name,
    domain_id: defaultDomain,
    description: '',
    email: null,
    enabled: true,
    default_project_id: project.id,
  });
  if (!(await directory.passwordIs(id, wanted.password))) await directory.setPassword(id, wanted.password);
  for (const name of wanted.roles) {
    const role = directory.roleNamed(name);
    if (role === undefined) throw new Error(`there is no role '${name}'`);
    directory.grant({ userId: id, roleId: role.id, scope: `project:${project.id}` });
    if (name === 'admin') directory.grant({ userId: id, roleId: role.id, scope: 'system' });
  }
  return id;
};

/**
 * The default domain, the base roles, and the user `admin` with its project.
 *
 * Returns the administrator's password when it is known: the given one, or the one made up on the first start.
 */
export const seed = async (
  directory: Directory,
  adminPassword: string | undefined,
): Promise<string | undefined> => {
  if (directory.domain(defaultDomain) === undefined) {
    directory.saveDomain({
      id: defaultDomain,
      name: 'Default',
      description: 'The default domain',
      enabled: true,
    });
  }
  for (const [name, description] of Object.entries(baseRoles)) {
    if (directory.roleNamed(name) === undefined) directory.saveRole({ id: newId(), name, description });
  }
  const first = directory.userNamed('admin', defaultDomain) === undefined;
  const password = adminPassword ?? (first ? randomPassword() : undefined);
  if (password !== undefined) {
    await ensureUser(directory, { name: 'admin', password, project: 'admin', roles: ['admin'] });
  }
  return password;
};
