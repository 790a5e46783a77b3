type Json = { readonly [key: string]: unknown };

/** A REST service as one user of Keystone sees it. */
export interface Rest {
  /** The answer's body. Throws an Error that names request and answer when the status is 300 or more. */
  request(method: string, path: string, body?: Json): Promise<Json>;
  /** The first member of a collection with these values, made from them and `more` when there is none. Its id. */
  ensure(collection: string, resource: string, found: Json, more?: Json): Promise<string>;
}

const idOf = (value: unknown): string => {
  const id: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, 'id') : undefined;
  if (typeof id !== 'string') throw new Error('an answer without an id');
  return id;
};

/** @param base what paths are appended to, without a slash at its end */
export const createRest = (base: string, token: string): Rest => {
  const request: Rest['request'] = async (method, path, body) => {
    const response = await fetch(`${base}${path}`, {
      method,
      headers: { 'x-auth-token': token, 'content-type': 'application/json' },
      signal: AbortSignal.timeout(60_000),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${base}${path}: ${response.status} ${text}`);
    return text === '' ? {} : (JSON.parse(text) as Json); // both services answer with objects
  };
  return {
    request,
    async ensure(collection, resource, found, more = {}) {
      const query = new URLSearchParams();
      for (const [key, value] of Object.entries(found)) query.append(key, String(value));
      const listed = (await request('GET', `/${collection}?${query}`))[collection];
      const first: unknown = Array.isArray(listed) ? listed[0] : undefined;
      if (first !== undefined) return idOf(first);
      const made = await request('POST', `/${collection}`, { [resource]: { ...found, ...more } });
      return idOf(made[resource]);
    },
  };
};

export interface Login {
  readonly identityUrl: string;
  readonly user: string;
  readonly password: string;
  readonly project: string;
}

/** A token of the default domain. Throws an Error when Keystone refuses. */
export const login = async ({ identityUrl, user, password, project }: Login): Promise<string> => {
  const domain = { id: 'default' };
  const response = await fetch(`${identityUrl}/auth/tokens?nocatalog`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    signal: AbortSignal.timeout(60_000),
    body: JSON.stringify({
      auth: {
        identity: { methods: ['password'], password: { user: { name: user, password, domain } } },
        scope: { project: { name: project, domain } },
      },
    }),
  });
  const token = response.headers.get('x-subject-token');
  if (token === null)
    throw new Error(`Keystone refused ${user}: ${response.status} ${await response.text()}`);
  await response.body?.cancel();
  return token;
};
