import type { RequestContext } from './context.ts';
import type { IdentityDriver } from './driver.ts';

/** Project of everything that is made without identity. */
export const anonymousProject = '00000000000000000000000000000000';

/**
 * No identity: everybody is the administrator of one project. For tests and benchmarks; the composition root allows it
 * only on a loopback address.
 */
export const createNoIdentity = (): IdentityDriver => ({
  name: 'none',
  publicUrl: undefined,
  authenticate: async (_presented, requestId): Promise<RequestContext> => ({
    requestId,
    userId: 'anonymous',
    userName: 'anonymous',
    projectId: anonymousProject,
    projectName: 'anonymous',
    domainId: 'default',
    roles: ['admin', 'manager', 'member', 'reader'],
    systemScope: false,
    serviceRoles: [],
  }),
  async [Symbol.asyncDispose]() {},
});
