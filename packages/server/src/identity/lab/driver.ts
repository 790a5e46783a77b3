import { HTTPUnauthorized } from '@ovenbird/api';
import { type Clock, systemClock } from '../../core/clock.ts';
import type { RequestContext } from '../context.ts';
import type { IdentityDriver } from '../driver.ts';
import { acceptedService } from '../service-token.ts';
import { createTokenCache } from '../token-cache.ts';
import { Directory } from './directory.ts';
import { type Session, Sessions } from './sessions.ts';
import { IdentityStore } from './store.ts';

const contextOf = (session: Session, serviceRoles: readonly string[], requestId: string): RequestContext => ({
  requestId,
  userId: session.user.id,
  userName: session.user.name,
  projectId: session.project?.id ?? '',
  projectName: session.project?.name ?? '',
  domainId: session.project?.domain_id ?? session.domainId,
  roles: session.roles.map((role) => role.name),
  systemScope: session.system,
  serviceRoles,
});

export interface LabIdentityOptions {
  /** The lab identity service's file. */
  readonly path: string;
  /** Where the service listens, `http://127.0.0.1:5000/v3`. */
  readonly publicUrl: string | undefined;
  /** Roles of which a service token must have one. */
  readonly serviceTokenRoles: readonly string[];
  readonly clock?: Clock;
}

/** Tokens known at once; more only cost a look into the file. */
const cacheSize = 10_000;

/**
 * Accepts the tokens that the lab identity service signs, by reading the service's file. A revoked token and a changed
 * role count from the next request on.
 */
export const createLabIdentityDriver = (options: LabIdentityOptions): IdentityDriver => {
  const { clock = systemClock, serviceTokenRoles } = options;
  const store = new IdentityStore(options.path);
  const sessions = new Sessions(store, new Directory(store), clock, 0);
  const cache = createTokenCache<Session>(cacheSize);
  let version = store.version();

  const session = (token: string): Session | undefined => {
    const now = store.version();
    if (now !== version) {
      cache.clear();
      version = now;
    }
    const known = cache.get(token, clock.now().getTime());
    if (known !== undefined) return known;
    const found = sessions.validate(token);
    if (found !== undefined) cache.set(token, found, found.claims.expires * 1000);
    return found;
  };

  return {
    name: 'lab',
    publicUrl: options.publicUrl,
    async authenticate({ token, serviceToken }, requestId) {
      const found = token === undefined ? undefined : session(token);
      if (found === undefined) throw HTTPUnauthorized();
      const service = serviceToken === undefined ? undefined : session(serviceToken);
      if (serviceToken !== undefined && service === undefined) throw HTTPUnauthorized();
      const roles = service?.roles.map((role) => role.name);
      return contextOf(found, acceptedService(roles, serviceTokenRoles), requestId);
    },
    async [Symbol.asyncDispose]() {
      store[Symbol.dispose]();
    },
  };
};
