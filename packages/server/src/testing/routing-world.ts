import assert from 'node:assert/strict';
import { type ApiAnswer, type ApiService, type Persona, startApiService } from './api-service.ts';
import type { TestDatabases } from './databases.ts';

/** Parsed JSON of an answer. */
export type Answered = ApiAnswer['body'];

/** Status and error type of an answer. */
export const errorOf = ({ status, body }: ApiAnswer) => [status, body?.NeutronError?.type];

/** A service with an external network, and projects that want to reach it. */
export interface RoutingWorld extends AsyncDisposable {
  readonly service: ApiService;
  readonly admin: Persona;
  readonly red: Persona;
  readonly blue: Persona;
  /** An external network of the administrator, 203.0.113.0/24 and 2001:db8:ffff::/64. */
  readonly external: { readonly id: string; readonly ipv4: string; readonly ipv6: string };
  make(persona: Persona, collection: string, name: string, body: object): Promise<Answered>;
  put(persona: Persona, path: string, body: object): Promise<Answered>;
  get(persona: Persona, path: string): Promise<Answered>;
  /** A network with one subnet. */
  inner(persona: Persona, cidr: string, more?: object): Promise<{ networkId: string; subnetId: string }>;
}

const operations = () => {
  const make: RoutingWorld['make'] = async (persona, collection, name, body) => {
    const answer = await persona.ask('POST', collection, { [name]: body });
    assert.equal(answer.status, 201, JSON.stringify(answer.body));
    return answer.body[name];
  };
  return {
    make,
    async put(persona: Persona, path: string, body: object): Promise<Answered> {
      const answer = await persona.ask('PUT', path, body);
      assert.equal(answer.status, 200, JSON.stringify(answer.body));
      return answer.body;
    },
    async get(persona: Persona, path: string): Promise<Answered> {
      const answer = await persona.ask('GET', path);
      assert.equal(answer.status, 200, JSON.stringify(answer.body));
      return answer.body;
    },
    async inner(persona: Persona, cidr: string, more: object = {}) {
      const network = await make(persona, 'networks', 'network', { name: cidr });
      const subnet = await make(persona, 'subnets', 'subnet', {
        network_id: network.id,
        ip_version: cidr.includes(':') ? 6 : 4,
        cidr,
        ...more,
      });
      return { networkId: String(network.id), subnetId: String(subnet.id) };
    },
  };
};

const outside = async (make: RoutingWorld['make'], admin: Persona) => {
  const network = await make(admin, 'networks', 'network', { name: 'outside', 'router:external': true });
  const subnet = (body: object) =>
    make(admin, 'subnets', 'subnet', { network_id: network.id, enable_dhcp: false, ...body });
  // Tests choose addresses beyond the pool, which nobody else is given.
  const allocation_pools = [{ start: '203.0.113.100', end: '203.0.113.199' }];
  const ipv4 = await subnet({ ip_version: 4, cidr: '203.0.113.0/24', allocation_pools });
  const ipv6 = await subnet({ ip_version: 6, cidr: '2001:db8:ffff::/64' });
  return { id: String(network.id), ipv4: String(ipv4.id), ipv6: String(ipv6.id) };
};

export const createRoutingWorld = async (
  databases: TestDatabases,
  settings: { readonly [section: string]: { readonly [name: string]: unknown } } = {},
): Promise<RoutingWorld> => {
  const service = await startApiService({ databaseUrl: await databases.freshUrl(), settings });
  const admin = await service.persona('root', 'operations', ['admin']);
  const red = await service.persona('rosa', 'red', ['member']);
  const blue = await service.persona('bert', 'blue', ['member']);
  const does = operations();
  return {
    service,
    admin,
    red,
    blue,
    external: await outside(does.make, admin),
    ...does,
    [Symbol.asyncDispose]: () => service[Symbol.asyncDispose](),
  };
};
