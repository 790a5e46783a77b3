import { randomBytes } from 'node:crypto';
import { hashPassword, verifyPassword } from './password.ts';
import type { IdentityStore, Row } from './store.ts';

export interface Domain {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly enabled: boolean;
}
export interface Project extends Domain {
  readonly domain_id: string;
}
export interface User extends Domain {
  readonly domain_id: string;
  readonly email: string | null;
  readonly default_project_id: string | null;
}
export interface Role {
  readonly id: string;
  readonly name: string;
  readonly description: string;
}

/** What roles are granted on: `project:<id>`, `domain:<id>` or `system`. */
export type Scope = string;

export interface Assignment {
  readonly userId: string;
  readonly roleId: string;
  readonly scope: Scope;
}

/** Roles that come with another one, as the reference deployment's bootstrap sets them up. */
const implied: { readonly [role: string]: readonly string[] } = {
  admin: ['manager', 'member', 'reader'],
  manager: ['member', 'reader'],
  member: ['reader'],
};

/** Keystone's form of identifiers. */
export const newId = (): string => randomBytes(16).toString('hex');

const text = (row: Row, column: string): string => String(row[column] ?? '');
const textOrNull = (row: Row, column: string): string | null => {
  const value = row[column];
  return value === null || value === undefined ? null : String(value);
};

const domainOf = (row: Row): Domain => ({
  id: text(row, 'id'),
  name: text(row, 'name'),
  description: text(row, 'description'),
  enabled: row.enabled === 1,
});
const projectOf = (row: Row): Project => ({ ...domainOf(row), domain_id: text(row, 'domain_id') });
const userOf = (row: Row): User => ({
  ...projectOf(row),
  email: textOrNull(row, 'email'),
  default_project_id: textOrNull(row, 'default_project_id'),
});
const roleOf = (row: Row): Role => ({
  id: text(row, 'id'),
  name: text(row, 'name'),
  description: text(row, 'description'),
});

/** Users, projects, domains, roles and who has which role where. */
export class Directory {
  readonly #store: IdentityStore;

  constructor(store: IdentityStore) {
    this.#store = store;
  }

  domains(): readonly Domain[] {
    return this.#store.all('SELECT * FROM domains ORDER BY name').map(domainOf);
  }
  projects(): readonly Project[] {
    return this.#store.all('SELECT * FROM projects ORDER BY name').map(projectOf);
  }
  users(): readonly User[] {
    return this.#store.all('SELECT * FROM users ORDER BY name').map(userOf);
  }
  roles(): readonly Role[] {
    return this.#store.all('SELECT * FROM roles ORDER BY name').map(roleOf);
  }

  domain(id: string): Domain | undefined {
    const row = this.#store.one('SELECT * FROM domains WHERE id = ?', id);
    return row && domainOf(row);
  }
  project(id: string): Project | undefined {
    const row = this.#store.one('SELECT * FROM projects WHERE id = ?', id);
    return row && projectOf(row);
  }
  user(id: string): User | undefined {
    const row = this.#store.one('SELECT * FROM users WHERE id = ?', id);
    return row && userOf(row);
  }
  role(id: string): Role | undefined {
    const row = this.#store.one('SELECT * FROM roles WHERE id = ?', id);
    return row && roleOf(row);
  }

  domainNamed(name: string): Domain | undefined {
    const row = this.#store.one('SELECT * FROM domains WHERE name = ?', name);
    return row && domainOf(row);
  }
  projectNamed(name: string, domainId: string): Project | undefined {
    const row = this.#store.one('SELECT * FROM projects WHERE name = ? AND domain_id = ?', name, domainId);
    return row && projectOf(row);
  }
  userNamed(name: string, domainId: string): User | undefined {
    const row = this.#store.one('SELECT * FROM users WHERE name = ? AND domain_id = ?', name, domainId);
    return row && userOf(row);
  }
  roleNamed(name: string): Role | undefined {
    const row = this.#store.one('SELECT * FROM roles WHERE name = ?', name);
    return row && roleOf(row);
  }

  /** Insert, or replace the one with the same id. */
  saveDomain(value: Domain): void {
    this.#store.run(
      `INSERT INTO domains VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET
        name = excluded.name, description = excluded.description, enabled = excluded.enabled`,
      value.id,
      value.name,
      value.description,
      Number(value.enabled),
    );
  }
  saveProject(value: Project): void {
    this.#store.run(
      `INSERT INTO projects VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET
        name = excluded.name, description = excluded.description, enabled = excluded.enabled`,
      value.id,
      value.name,
      value.domain_id,
      value.description,
      Number(value.enabled),
    );
  }
  saveUser(value: User): void {
    this.#store.run(
      `INSERT INTO users VALUES (?, ?, ?, ?, ?, ?, ?, NULL) ON CONFLICT (id) DO UPDATE SET
        name = excluded.name, description = excluded.description, email = excluded.email,
        enabled = excluded.enabled, default_project_id = excluded.default_project_id`,
      value.id,
      value.name,
      value.domain_id,
      value.description,
      value.email,
      Number(value.enabled),
      value.default_project_id,
    );
  }
  saveRole(value: Role): void {
    this.#store.run(
      `INSERT INTO roles VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET
        name = excluded.name, description = excluded.description`,
      value.id,
      value.name,
      value.description,
    );
  }

  async setPassword(userId: string, password: string): Promise<void> {
    this.#store.run('UPDATE users SET password = ? WHERE id = ?', await hashPassword(password), userId);
  }
  /** Takes the same time whether or not the user exists. */
  async passwordIs(userId: string | undefined, password: string): Promise<boolean> {
    const row =
      userId === undefined ? undefined : this.#store.one('SELECT password FROM users WHERE id = ?', userId);
    return verifyPassword(
      password,
      row === undefined ? undefined : (textOrNull(row, 'password') ?? undefined),
    );
  }

  removeDomain(id: string): void {
    this.#store.run('DELETE FROM domains WHERE id = ?', id);
  }
  removeProject(id: string): void {
    this.#store.atomically(() => {
      this.#store.run('DELETE FROM assignments WHERE scope = ?', `project:${id}`);
      this.#store.run('DELETE FROM projects WHERE id = ?', id);
    });
  }
  removeUser(id: string): void {
    this.#store.run('DELETE FROM users WHERE id = ?', id);
  }
  removeRole(id: string): void {
    this.#store.run('DELETE FROM roles WHERE id = ?', id);
  }

  grant(given: Assignment): void {
    this.#store.run(
      'INSERT INTO assignments VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
      given.userId,
      given.roleId,
      given.scope,
    );
  }
  /** False when there was no such assignment. */
  revoke(given: Assignment): boolean {
    const sql = 'DELETE FROM assignments WHERE user_id = ? AND role_id = ? AND scope = ?';
    return this.#store.run(sql, given.userId, given.roleId, given.scope) > 0;
  }
  assignments(): readonly Assignment[] {
    return this.#store.all('SELECT * FROM assignments ORDER BY user_id, scope, role_id').map((row) => ({
      userId: text(row, 'user_id'),
      roleId: text(row, 'role_id'),
      scope: text(row, 'scope'),
    }));
  }

  /** Roles that a user has on a scope, those that come with others included; by name. */
  rolesOn(userId: string, scope: Scope): readonly Role[] {
    const sql = `SELECT roles.* FROM roles JOIN assignments ON roles.id = role_id
      WHERE user_id = ? AND scope = ? ORDER BY name`;
    return this.withImplied(this.#store.all(sql, userId, scope).map(roleOf));
  }

  /** Roles and those that come with them; by name. */
  withImplied(roles: readonly Role[]): readonly Role[] {
    const names = new Set(roles.flatMap((role) => [role.name, ...(implied[role.name] ?? [])]));
    return [...names].sort().flatMap((name) => this.roleNamed(name) ?? []);
  }

  /** Scopes on which a user has a role. */
  scopesOf(userId: string): readonly Scope[] {
    return this.#store
      .all('SELECT DISTINCT scope FROM assignments WHERE user_id = ? ORDER BY scope', userId)
      .map((row) => text(row, 'scope'));
  }
}
