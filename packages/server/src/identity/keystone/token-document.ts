import type { RequestContext } from '../context.ts';

/** What Keystone says about a token: a context without its request, and when it ends. */
export interface ValidatedToken {
  readonly context: Omit<RequestContext, 'requestId' | 'serviceRoles'>;
  /** Milliseconds since the epoch. */
  readonly expires: number;
}

type Json = { readonly [key: string]: unknown };

const objectIn = (value: unknown): Json =>
  // Any object may be read by names; what is found there is checked where it is used.
  typeof value === 'object' && value !== null ? (value as Json) : {};
const textIn = (value: unknown): string => (typeof value === 'string' ? value : '');

/** The answer of `GET /v3/auth/tokens`; undefined when it is not one. */
export const readTokenDocument = (document: unknown): ValidatedToken | undefined => {
  const token = objectIn(objectIn(document).token);
  const [user, project, domain] = [objectIn(token.user), objectIn(token.project), objectIn(token.domain)];
  const expires = Date.parse(textIn(token.expires_at));
  const userId = textIn(user.id);
  if (userId === '' || Number.isNaN(expires)) return undefined;
  const roles = Array.isArray(token.roles) ? token.roles.map((role) => textIn(objectIn(role).name)) : [];
  return {
    expires,
    context: {
      userId,
      userName: textIn(user.name),
      projectId: textIn(project.id),
      projectName: textIn(project.name),
      domainId: textIn(objectIn(project.domain).id) || textIn(domain.id),
      roles: roles.filter((role) => role !== ''),
      systemScope: objectIn(token.system).all === true,
    },
  };
};
