import assert from 'node:assert/strict';
import type { Database } from '../../packages/server/src/db/database.ts';
import {
  type ApiAnswer,
  type ApiService,
  type ApiServiceOptions,
  type Persona,
  startApiService,
} from '../../packages/server/src/testing/api-service.ts';

/** Parsed JSON of an answer. */
export type Answered = ApiAnswer['body'];

/** Somebody who asks, and what a rule knows of them. */
export interface Actor {
  readonly name: string;
  readonly projectId: string;
  readonly roles: readonly string[];
  readonly ask: Persona['ask'];
  /** Objects are shared with this one before it asks. */
  readonly sharedTo: boolean;
}

/** A service, those who ask it, and what their requests need around them. */
export interface World extends AsyncDisposable {
  readonly actors: readonly Actor[];
  /** Ask without a token. */
  readonly nobody: Persona['ask'];
  readonly database: Database;
  /** Project of the owner, whose objects are asked for. */
  readonly owner: string;
  readonly external: string;
  readonly inside: { readonly network: string; readonly subnet: string };
  /** Make something as the administrator. Throws unless it is answered 201. */
  make(path: string, name: string, body: object): Promise<Answered>;
  put(path: string, body: object): Promise<Answered>;
  get(path: string): Promise<Answered>;
  /** Delete what a list names. */
  clear(collection: string, key: string, query: string): Promise<void>;
  /** Grows with every call. */
  next(): number;
  /** Start what works in the background, and listen. */
  listen(): Promise<unknown>;
}

/** Roles stand for the lesser ones too, as identity services imply them. */
const CAST = [
  ['admin', 'operations', ['admin', 'manager', 'member', 'reader']],
  ['manager', 'red', ['manager', 'member', 'reader']],
  ['member', 'red', ['member', 'reader']],
  ['reader', 'red', ['reader']],
  ['service', 'service', ['service']],
  ['other-manager', 'blue', ['manager', 'member', 'reader']],
  ['other-member', 'blue', ['member', 'reader']],
  ['other-reader', 'blue', ['reader']],
  ['shared-to', 'green', ['member', 'reader']],
] as const;

const NO_LIMITS = Object.fromEntries(
  ['network', 'subnet', 'port', 'router', 'floatingip', 'security_group', 'security_group_rule']
    .concat(['rbac_policy', 'address_group', 'subnetpool', 'trunk'])
    .map((name) => [name, -1]),
);

const castOf = async (service: ApiService): Promise<readonly Actor[]> => {
  const actors: Actor[] = [];
  for (const [name, project, roles] of CAST) {
    const [first] = roles;
    const { ask, projectId } = await service.persona(name, project, [first]);
    actors.push({ name, projectId, roles, ask, sharedTo: name === 'shared-to' });
  }
  return actors;
};

type Settings = NonNullable<ApiServiceOptions['settings']>;

/** Start the service on a database and make what all cases need. */
export const createWorld = async (databaseUrl: string, more: Settings = {}): Promise<World> => {
  const settings = {
    quotas: { limits: NO_LIMITS },
    network: { availabilityZones: ['zone'] },
    ...more,
    ml2: { networkVlanRanges: ['physnet:100:3999', 'other:100:3999'], ...more.ml2 },
  };
  await using started = new AsyncDisposableStack();
  const service = started.use(await startApiService({ databaseUrl, settings }));
  const actors = await castOf(service);
  const [root] = actors;
  const owner = service.identity.ensureProject('red');
  let count = 0;
  const sent = async (
    method: string,
    path: string,
    body: object | undefined,
    status: number,
  ): Promise<Answered> => {
    const answer = await root?.ask(method, path, body);
    assert.equal(answer?.status, status, `${method} ${path}: ${JSON.stringify([body, answer?.body])}`);
    return answer?.body;
  };
  const make: World['make'] = async (path, name, body) =>
    (await sent('POST', path, { [name]: body }, 201))[name];
  const put: World['put'] = (path, body) => sent('PUT', path, body, 200);
  const external = await make('networks', 'network', { 'router:external': true });
  const around = { network_id: external.id, ip_version: 4, cidr: '203.0.0.0/16' };
  await make('subnets', 'subnet', {
    ...around,
    allocation_pools: [{ start: '203.0.0.2', end: '203.0.99.0' }],
  });
  const network = await make('networks', 'network', { project_id: owner });
  const subnet = await make('subnets', 'subnet', {
    network_id: network.id,
    project_id: owner,
    ip_version: 4,
    cidr: '10.0.0.0/16',
  });
  const router = await make('routers', 'router', {
    project_id: owner,
    external_gateway_info: { network_id: external.id },
  });
  await put(`routers/${router.id}/add_router_interface`, { subnet_id: subnet.id });
  const running = started.move();
  return {
    actors,
    nobody: service.ask,
    database: service.app.database,
    owner,
    external: external.id,
    inside: { network: network.id, subnet: subnet.id },
    make,
    put,
    get: (path) => sent('GET', path, undefined, 200),
    async clear(collection, key, query) {
      const found: readonly { readonly id: string }[] = (
        await sent('GET', `${collection}?${query}`, undefined, 200)
      )[key];
      for (const { id } of found) await sent('DELETE', `${collection}/${id}`, undefined, 204);
    },
    next: () => {
      count += 1;
      return count;
    },
    listen: () => service.app.listen(),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
};
