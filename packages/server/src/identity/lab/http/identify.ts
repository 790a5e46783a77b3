import type { ApplicationCredential } from '../credentials.ts';
import type { Directory, Domain, Scope, User } from '../directory.ts';
import { type LabServices, requirePassword } from './access.ts';
import { type Json, objectAt, textAt } from './body.ts';
import { badRequest, unauthorized } from './fault.ts';

/** Who asks for a token. */
export interface Identified {
  readonly user: User;
  readonly methods: readonly string[];
  /** Seconds since the epoch: a token from this lives no longer. */
  readonly expires?: number | undefined;
  /** The application credential, and with it the only scope, when one was given. */
  readonly credential?: { readonly id: string; readonly scope: Scope };
}

/** The domain that a user or a project of a request is said to be in. Throws 401 when there is none. */
export const domainIn = (directory: Directory, holder: Json): Domain => {
  const given = objectAt(holder, 'domain');
  const id = textAt(given, 'id');
  const name = textAt(given, 'name');
  const domain =
    id === undefined ? (name === undefined ? undefined : directory.domainNamed(name)) : directory.domain(id);
  if (domain === undefined) throw unauthorized();
  return domain;
};

/** The user that a request names, by id or by name and domain, and how to call it. */
const namedUser = (directory: Directory, given: Json): readonly [User | undefined, string] => {
  const id = textAt(given, 'id');
  const name = textAt(given, 'name');
  if (id === undefined && name === undefined) throw badRequest("'id' or 'name' is a required property");
  const user =
    id === undefined ? directory.userNamed(name ?? '', domainIn(directory, given).id) : directory.user(id);
  return [user, user?.id ?? `no user ${id ?? name}`];
};

const byPassword = async ({ directory, guesses }: LabServices, identity: Json): Promise<Identified> => {
  const given = objectAt(objectAt(identity, 'password'), 'user');
  const password = textAt(given, 'password');
  if (password === undefined) throw badRequest("'password' is a required property");
  const [user, called] = namedUser(directory, given);
  await requirePassword(guesses, called, () => directory.passwordIs(user?.id, password));
  if (user === undefined || !user.enabled) throw unauthorized();
  return { user, methods: ['password'] };
};

const namedCredential = (
  { directory, credentials }: LabServices,
  given: Json,
): readonly [ApplicationCredential | undefined, string] => {
  const id = textAt(given, 'id');
  if (id !== undefined) return [credentials.find(id), `credential ${id}`];
  const name = textAt(given, 'name');
  if (name === undefined) throw badRequest("'id' or 'name' is a required property");
  const [user, called] = namedUser(directory, objectAt(given, 'user'));
  const found = user && credentials.of(user.id).find((one) => one.name === name);
  return [found, found === undefined ? `credential ${name} of ${called}` : `credential ${found.id}`];
};

const byCredential = async (services: LabServices, identity: Json): Promise<Identified> => {
  const { directory, credentials, guesses } = services;
  const given = objectAt(identity, 'application_credential');
  const secret = textAt(given, 'secret');
  if (secret === undefined) throw badRequest("'secret' is a required property");
  const [found, called] = namedCredential(services, given);
  await requirePassword(guesses, called, () => credentials.secretIs(found?.id, secret));
  const user = found && directory.user(found.userId);
  if (found === undefined || user === undefined) throw unauthorized();
  const { id, expires, projectId } = found;
  const credential = { id, scope: `project:${projectId}` };
  return { user, methods: ['application_credential'], expires, credential };
};

const byToken = ({ sessions }: LabServices, identity: Json): Identified => {
  const session = sessions.validate(textAt(objectAt(identity, 'token'), 'id') ?? '');
  if (session === undefined) throw unauthorized();
  const { user, claims } = session;
  const methods = ['token', ...claims.methods.filter((method) => method !== 'token')];
  const identified = { user, methods, expires: claims.expires };
  if (claims.credential === undefined) return identified;
  return { ...identified, credential: { id: claims.credential, scope: claims.scope } };
};

/**
 * Who a request for a token comes from.
 *
 * @param auth its `auth`
 * @throws IdentityFault 400, 401 when the caller does not prove it, 429 after too many guesses
 */
export const identify = async (services: LabServices, auth: Json): Promise<Identified> => {
  const identity = objectAt(auth, 'identity');
  const methods = Array.isArray(identity.methods) ? identity.methods : [];
  if (methods.length !== 1) throw badRequest("'methods' must name one method");
  switch (methods[0]) {
    case 'password':
      return byPassword(services, identity);
    case 'application_credential':
      return byCredential(services, identity);
    case 'token':
      return byToken(services, identity);
    default:
      throw unauthorized();
  }
};
