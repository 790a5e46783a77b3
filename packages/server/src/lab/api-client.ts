import type { ResourceDefinition, ResourceOf } from '@ovenbird/api';

/** Who asks, and where. */
export interface ApiClientOptions {
  /** `http://127.0.0.1:5000/v3` */
  readonly identityUrl: string;
  /** `http://127.0.0.1:9696` */
  readonly networkUrl: string;
  readonly user: string;
  readonly password: string;
  /** Name of the project to work in, in the default domain. */
  readonly project: string;
}

/** A body or query as sent: attribute by name. */
export type Sent = { readonly [attribute: string]: unknown };

/** Answer of a raw request; `body` is parsed JSON, undefined when there is none. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Headers;
}

/** The API answered with an error. */
export class ApiRequestFailed extends Error {
  override readonly name = 'ApiRequestFailed';
  readonly status: number;
  /** `NeutronError.type`, when there is one. */
  readonly type: string | undefined;
  constructor(request: string, answer: Answer) {
    super(`${request}: ${answer.status} ${JSON.stringify(answer.body)}`);
    this.status = answer.status;
    this.type = /"type":"(\w+)"/.exec(JSON.stringify(answer.body) ?? '')?.[1];
  }
}

/** A client of the Networking API for the demonstration and tests: plain HTTP, one token. */
export interface ApiClient {
  readonly projectId: string;
  /** Any request; `path` begins at the service's root (`/v2.0/ports`). Never throws for an error status. */
  request(method: string, path: string, body?: unknown): Promise<Answer>;
  create<D extends ResourceDefinition>(definition: D, body: Sent): Promise<ResourceOf<D>>;
  show<D extends ResourceDefinition>(definition: D, id: string): Promise<ResourceOf<D>>;
  /** `query` values may be arrays, for repeated keys. */
  list<D extends ResourceDefinition>(definition: D, query?: Sent): Promise<readonly ResourceOf<D>[]>;
  update<D extends ResourceDefinition>(definition: D, id: string, body: Sent): Promise<ResourceOf<D>>;
  remove(definition: ResourceDefinition, id: string): Promise<void>;
}

/** Log in and make a client. Throws {@link ApiRequestFailed} when the identity service refuses. */
export async function createApiClient(options: ApiClientOptions): Promise<ApiClient> {
  const { token, projectId } = await login(options);
  const request = (method: string, path: string, body?: unknown): Promise<Answer> =>
    send(`${options.networkUrl}${path}`, method, { 'x-auth-token': token }, body);
  const expect = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const answer = await request(method, path, body);
    if (answer.status >= 300) throw new ApiRequestFailed(`${method} ${path}`, answer);
    return answer.body;
  };
  const memberPath = (definition: ResourceDefinition, id: string): string => `/v2.0/${definition.path}/${id}`;
  return {
    projectId,
    request,
    create: async (definition, body) =>
      one(definition, await expect('POST', `/v2.0/${definition.path}`, { [definition.name]: body })),
    show: async (definition, id) => one(definition, await expect('GET', memberPath(definition, id))),
    list: async (definition, query = {}) =>
      many(definition, await expect('GET', `/v2.0/${definition.path}${queryText(query)}`)),
    update: async (definition, id, body) =>
      one(definition, await expect('PUT', memberPath(definition, id), { [definition.name]: body })),
    async remove(definition, id) {
      await expect('DELETE', memberPath(definition, id));
    },
  };
}

async function login(options: ApiClientOptions): Promise<{ token: string; projectId: string }> {
  const domain = { id: 'default' };
  const user = { name: options.user, password: options.password, domain };
  const url = `${options.identityUrl}/auth/tokens`;
  const answer = await send(
    url,
    'POST',
    {},
    {
      auth: {
        identity: { methods: ['password'], password: { user } },
        scope: { project: { name: options.project, domain } },
      },
    },
  );
  const token = answer.headers.get('x-subject-token');
  const { project } = (answer.body as { token?: { project?: { id: string } } } | undefined)?.token ?? {}; // Keystone's v3 body
  if (answer.status !== 201 || token === null || project === undefined) {
    throw new ApiRequestFailed('POST /v3/auth/tokens', answer);
  }
  return { token, projectId: project.id };
}

async function send(
  url: string,
  method: string,
  headers: { readonly [name: string]: string },
  body: unknown,
): Promise<Answer> {
  const response = await fetch(url, {
    method,
    headers: body === undefined ? headers : { ...headers, 'content-type': 'application/json' },
    signal: AbortSignal.timeout(60_000),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const json = (response.headers.get('content-type') ?? '').includes('json');
  return {
    status: response.status,
    body: text === '' ? undefined : json ? JSON.parse(text) : text,
    headers: response.headers,
  };
}

/** The API's own definition says what a member of this answer is. */
function one<D extends ResourceDefinition>(definition: D, body: unknown): ResourceOf<D> {
  return (body as { readonly [name: string]: ResourceOf<D> })[definition.name] as ResourceOf<D>;
}

function many<D extends ResourceDefinition>(definition: D, body: unknown): readonly ResourceOf<D>[] {
  return (body as { readonly [name: string]: readonly ResourceOf<D>[] })[definition.collection] ?? [];
}

function queryText(query: Sent): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const each of Array.isArray(value) ? value : [value]) parameters.append(name, String(each));
  }
  return parameters.size === 0 ? '' : `?${parameters}`;
}
