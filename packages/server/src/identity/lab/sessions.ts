import { randomBytes } from 'node:crypto';
import type { Clock } from '../../core/clock.ts';
import type { Directory, Project, Role, Scope, User } from './directory.ts';
import type { IdentityStore } from './store.ts';
import { signToken, type TokenClaims, verifyToken } from './token.ts';

/** A valid token, resolved against the directory as it is now. */
export interface Session {
  readonly claims: TokenClaims;
  readonly user: User;
  /** Undefined unless the token is scoped to a project. */
  readonly project: Project | undefined;
  /** Empty string unless the token is scoped to a domain. */
  readonly domainId: string;
  readonly system: boolean;
  readonly roles: readonly Role[];
}

const projectIn = (scope: Scope): string | undefined => /^project:(.*)$/.exec(scope)?.[1];
const domainIn = (scope: Scope): string | undefined => /^domain:(.*)$/.exec(scope)?.[1];

/** Issues tokens, says what they mean, and takes them back. */
export class Sessions {
  readonly #store: IdentityStore;
  readonly #directory: Directory;
  readonly #clock: Clock;
  readonly #lifetime: number;

  /** @param lifetime seconds that a token is good for */
  constructor(store: IdentityStore, directory: Directory, clock: Clock, lifetime: number) {
    this.#store = store;
    this.#directory = directory;
    this.#clock = clock;
    this.#lifetime = lifetime;
  }

  #now(): number {
    return Math.floor(this.#clock.now().getTime() / 1000);
  }

  /** A token for a user on a scope; undefined when the user has no role there. `expires`: not later than this. */
  issue(userId: string, scope: Scope, methods: readonly string[], expires?: number): string | undefined {
    const issued = this.#now();
    const claims: TokenClaims = {
      user: userId,
      scope,
      methods,
      audit: randomBytes(16).toString('base64url'),
      issued,
      expires: Math.min(issued + this.#lifetime, expires ?? Number.POSITIVE_INFINITY),
    };
    return this.#resolve(claims) === undefined ? undefined : signToken(claims, this.#store.secret);
  }

  /** What a token means; undefined when it is not good, or its user, project or roles are gone. */
  validate(token: string): Session | undefined {
    const claims = verifyToken(token, this.#store.secret, this.#now());
    if (claims === undefined) return undefined;
    const revoked = this.#store.one('SELECT 1 AS found FROM revoked WHERE audit = ?', claims.audit);
    return revoked === undefined ? this.#resolve(claims) : undefined;
  }

  revoke(session: Session): void {
    this.#store.run('DELETE FROM revoked WHERE expires <= ?', this.#now());
    this.#store.run(
      'INSERT INTO revoked VALUES (?, ?) ON CONFLICT DO NOTHING',
      session.claims.audit,
      session.claims.expires,
    );
  }

  #resolve(claims: TokenClaims): Session | undefined {
    const user = this.#directory.user(claims.user);
    if (user === undefined || !user.enabled) return undefined;
    const base = { claims, user, project: undefined, domainId: '', system: claims.scope === 'system' };
    if (claims.scope === 'unscoped') return { ...base, roles: [] };
    const roles = this.#directory.rolesOn(user.id, claims.scope);
    if (roles.length === 0) return undefined;
    const projectId = projectIn(claims.scope);
    if (projectId !== undefined) {
      const project = this.#directory.project(projectId);
      return project?.enabled === true ? { ...base, project, roles } : undefined;
    }
    return { ...base, domainId: domainIn(claims.scope) ?? '', roles };
  }
}
