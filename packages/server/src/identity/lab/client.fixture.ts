import assert from 'node:assert/strict';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: ReturnType<typeof JSON.parse>;
}

/** Asks a lab identity service, for tests. */
export interface IdentityClient {
  ask(
    method: string,
    path: string,
    token?: string,
    body?: unknown,
    more?: { readonly [name: string]: string },
  ): Promise<Answer>;
  /** By the password of a user of the default domain. */
  login(name: string, password: string, scope?: unknown): Promise<Answer>;
}

/** @param url of the service; read at each request */
export const identityClient = (url: () => string): IdentityClient => {
  const ask: IdentityClient['ask'] = async (method, path, token, body, more = {}) => {
    const response = await fetch(`${url()}${path}`, {
      method,
      headers: {
        ...(token === undefined ? {} : { 'x-auth-token': token }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...more,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: text === '' ? undefined : JSON.parse(text),
    };
  };
  return {
    ask,
    login: (name, password, scope) =>
      ask('POST', '/auth/tokens', undefined, {
        auth: {
          identity: {
            methods: ['password'],
            password: { user: { name, password, domain: { name: 'Default' } } },
          },
          ...(scope === undefined ? {} : { scope }),
        },
      }),
  };
};

/** A project of the default domain as a scope. */
export const project = (name: string) => ({ project: { name, domain: { id: 'default' } } });

export const tokenOf = (answer: Answer): string =>
  answer.headers.get('x-subject-token') ?? assert.fail('no token');
