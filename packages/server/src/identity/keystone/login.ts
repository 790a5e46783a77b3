import type { Clock } from '../../core/clock.ts';
import type { JsonAnswer, JsonRequest } from '../../core/json-client.ts';
import { readTokenDocument } from './token-document.ts';
import { KeystoneTrouble } from './trouble.ts';

/** Who the service is for Keystone. */
export interface LoginOptions {
  readonly userName: string;
  readonly password: string;
  readonly projectName: string;
  readonly userDomainName: string;
  readonly projectDomainName: string;
  readonly clock: Clock;
}

/** Milliseconds before the end of our own token at which a new one is fetched. */
const margin = 60_000;
/**
 * Milliseconds without another login after Keystone refused one, or took no more the token that one gave: it may lock users
 * whose password is tried too often, and a login is dear.
 */
const pause = 5_000;

interface OwnToken {
  readonly text: string;
  readonly since: number;
  readonly expires: number;
}

const credentials = (options: LoginOptions) => ({
  auth: {
    identity: {
      methods: ['password'],
      password: {
        user: {
          name: options.userName,
          password: options.password,
          domain: { name: options.userDomainName },
        },
      },
    },
    scope: { project: { name: options.projectName, domain: { name: options.projectDomainName } } },
  },
});

/**
 * The service's own token: one login for everybody who waits, and none while Keystone has just refused one or its token.
 *
 * Out: a function that gives it: not `refused`, which it gave before, unless that is too new to be replaced. It throws
 * {@link KeystoneTrouble}.
 */
export const createLogin = (
  options: LoginOptions,
  ask: (request: JsonRequest) => Promise<JsonAnswer>,
  url: URL,
): ((refused?: string) => Promise<string>) => {
  let own: OwnToken | undefined;
  let loggingIn: Promise<OwnToken> | undefined;
  let failed: { readonly by: KeystoneTrouble; readonly until: number } | undefined;
  const now = (): number => options.clock.now().getTime();

  const login = async (): Promise<OwnToken> => {
    if (failed !== undefined && failed.until > now()) throw failed.by;
    const { status, headers, body } = await ask({
      method: 'POST',
      url,
      headers: {},
      body: credentials(options),
    });
    const text = headers['x-subject-token'];
    const document = readTokenDocument(body);
    if (status === 201 && typeof text === 'string' && document !== undefined)
      return { text, since: now(), expires: document.expires };
    const by = new KeystoneTrouble('credentials', `it answered ${status}`);
    failed = { by, until: now() + pause };
    throw by;
  };

  return async (refused) => {
    if (own !== undefined && own.text === refused && own.since + pause <= now()) own = undefined;
    if (own !== undefined && own.expires - margin > now()) return own.text;
    loggingIn ??= login().finally(() => {
      loggingIn = undefined;
    });
    own = await loggingIn;
    return own.text;
  };
};
