import { randomBytes } from 'node:crypto';
import type { Clock } from '../../core/clock.ts';
import { type ApplicationCredential, ApplicationCredentials } from './credentials.ts';
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
  /** Undefined unless an application credential let the caller in. */
  readonly credential: ApplicationCredential | undefined;
}

/** A token to be. */
export interface Issue {
  readonly userId: string;
  readonly scope: Scope;
  readonly methods: readonly string[];
  /** Seconds since the epoch; it is not good for longer than that. */
  readonly expires?: number | undefined;
  /** Id of the application credential that it is given for. */
  readonly credential?: string | undefined;
}

const projectIn = (scope: Scope): string | undefined => /^project:(.*)$/.exec(scope)?.[1];
const domainIn = (scope: Scope): string | undefined => /^domain:(.*)$/.exec(scope)?.[1];

/** Issues tokens, says what they mean, and takes them back. */
export class Sessions {
  readonly #store: IdentityStore;
  readonly #directory: Directory;
  readonly #credentials: ApplicationCredentials;
  readonly #clock: Clock;
  readonly #lifetime: number;

  /** @param lifetime seconds that a token is good for */
  constructor(store: IdentityStore, directory: Directory, clock: Clock, lifetime: number) {
    this.#store = store;
    this.#directory = directory;
    this.#credentials = new ApplicationCredentials(store);
    this.#clock = clock;
    this.#lifetime = lifetime;
  }

  /** Seconds since the epoch. */
  now(): number {
    return Math.floor(this.#clock.now().getTime() / 1000);
  }

  /** A token; undefined when the user has no role on the scope, or the time is over. */
  issue({ userId, scope, methods, expires, credential }: Issue): string | undefined {
    const issued = this.now();
    const claims: TokenClaims = {
      user: userId,
      scope,
      methods,
      audit: randomBytes(16).toString('base64url'),
      issued,
      expires: Math.min(issued + this.#lifetime, expires ?? Number.POSITIVE_INFINITY),
      ...(credential === undefined ? {} : { credential }),
    };
    if (claims.expires <= issued || this.#resolve(claims) === undefined) return undefined;
    return signToken(claims, this.#store.secret);
  }

  /** What a token means; undefined when it is not good, or its user, project or roles are gone. */
  validate(token: string): Session | undefined {
    const claims = verifyToken(token, this.#store.secret, this.now());
    if (claims === undefined) return undefined;
    const revoked = this.#store.one('SELECT 1 AS found FROM revoked WHERE audit = ?', claims.audit);
    return revoked === undefined ? this.#resolve(claims) : undefined;
  }

  revoke(session: Session): void {
    this.#store.run('DELETE FROM revoked WHERE expires <= ?', this.now());
    this.#store.run(
      'INSERT INTO revoked VALUES (?, ?) ON CONFLICT DO NOTHING',
      session.claims.audit,
      session.claims.expires,
    );
  }

  #resolve(claims: TokenClaims): Session | undefined {
    const user = this.#directory.user(claims.user);
    if (user === undefined || !user.enabled) return undefined;
    const credential =
      claims.credential === undefined ? undefined : this.#credentials.find(claims.credential);
    if (claims.credential !== credential?.id) return undefined;
    const system = claims.scope === 'system';
    const base = { claims, user, project: undefined, domainId: '', system, credential };
    if (claims.scope === 'unscoped') return { ...base, roles: [] };
    const all = this.#directory.rolesOn(user.id, claims.scope);
    const roles = credential === undefined ? all : this.#granted(all, credential);
    if (roles.length === 0) return undefined;
    const projectId = projectIn(claims.scope);
    if (projectId !== undefined) {
      const project = this.#directory.project(projectId);
      return project?.enabled === true ? { ...base, project, roles } : undefined;
    }
    return { ...base, domainId: domainIn(claims.scope) ?? '', roles };
  }

  /** Roles of a credential, and those that come with them, as far as its user still has them. */
  #granted(has: readonly Role[], credential: ApplicationCredential): readonly Role[] {
    const given = this.#directory.withImplied(
      credential.roles.flatMap((id) => this.#directory.role(id) ?? []),
    );
    return has.filter((role) => given.some((one) => one.id === role.id));
  }
}
