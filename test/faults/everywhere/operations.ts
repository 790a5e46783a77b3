import type { Answer, Ask } from './service.ts';

/** What every case stands on. */
export interface Ground {
  readonly network: string;
  readonly subnet: string;
  readonly outside: string;
  readonly router: string;
  readonly group: string;
}

/** One operation with what it needs made, ready to be asked once. */
export interface Prepared {
  ask(): Promise<Answer>;
  /** Whether it has happened, in full; only reads. */
  done(): Promise<boolean>;
  /** Remove everything that the case made, whether it happened or not. */
  clean(): Promise<void>;
}

export interface Operation {
  readonly name: string;
  /** `serial` is another number each time. */
  prepare(api: Api, ground: Ground, serial: number): Promise<Prepared>;
}

/** The API for those who expect it to work. */
export class Api {
  readonly ask: Ask;

  constructor(ask: Ask) {
    this.ask = ask;
  }

  /** Make something; gives its id. */
  async make(collection: string, kind: string, body: object): Promise<string> {
    const answer = await this.ask('POST', collection, { [kind]: body });
    if (answer.status !== 201)
      throw new Error(`${collection}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body[kind].id;
  }

  async list(collection: string, query: string): Promise<readonly { readonly id: string }[]> {
    const answer = await this.ask('GET', `${collection}?${query}`);
    if (answer.status !== 200) throw new Error(`${collection}: ${answer.status}`);
    return answer.body[collection.replaceAll('-', '_')];
  }

  async count(collection: string, query: string): Promise<number> {
    return (await this.list(collection, query)).length;
  }

  /** Delete what a query finds. */
  async clear(collection: string, query: string): Promise<void> {
    for (const { id } of await this.list(collection, query)) {
      const { status, body } = await this.ask('DELETE', `${collection}/${id}`);
      if (status !== 204) throw new Error(`${collection}/${id}: ${status} ${JSON.stringify(body)}`);
    }
  }
}

export const layGround = async (api: Api): Promise<Ground> => {
  const network = await api.make('networks', 'network', { name: 'inside' });
  const subnet = await api.make('subnets', 'subnet', {
    network_id: network,
    ip_version: 4,
    cidr: '10.1.0.0/16',
  });
  const outside = await api.make('networks', 'network', {
    name: 'outside',
    'router:external': true,
    'provider:network_type': 'vlan',
    'provider:physical_network': 'physnet1',
    'provider:segmentation_id': 100,
  });
  await api.make('subnets', 'subnet', { network_id: outside, ip_version: 4, cidr: '10.2.0.0/16' });
  const router = await api.make('routers', 'router', { external_gateway_info: { network_id: outside } });
  const added = await api.ask('PUT', `routers/${router}/add_router_interface`, { subnet_id: subnet });
  if (added.status !== 200) throw new Error(`interface: ${added.status}`);
  const group = await api.make('security-groups', 'security_group', { name: 'group' });
  return { network, subnet, outside, router, group };
};

type Made = (api: Api, ground: Ground, name: string, serial: number) => Promise<Prepared>;

const operation = (name: string, prepare: Made): Operation => ({
  name,
  prepare: (api, ground, serial) => prepare(api, ground, `case-${serial}`, serial),
});

/** A network and a subnet of their own for a case. */
const makeSubnet = async (api: Api, name: string, serial: number) => {
  const network = await api.make('networks', 'network', { name });
  const cidr = `10.${3 + Math.floor(serial / 250)}.${serial % 250}.0/24`;
  const subnet = await api.make('subnets', 'subnet', { network_id: network, ip_version: 4, cidr, name });
  return { network, subnet };
};

const cleanNetwork = async (api: Api, ground: Ground, name: string): Promise<void> => {
  for (const { id } of await api.list('subnets', `name=${name}`))
    await api.ask('PUT', `routers/${ground.router}/remove_router_interface`, { subnet_id: id });
  await api.clear('networks', `name=${name}`);
};

const networkOperations: readonly Operation[] = [
  operation('create a network', async (api, _ground, name) => ({
    ask: () => api.ask('POST', 'networks', { network: { name } }),
    done: async () => (await api.count('networks', `name=${name}`)) === 1,
    clean: () => api.clear('networks', `name=${name}`),
  })),
  operation('delete a network with its subnet', async (api, ground, name, serial) => {
    const { network } = await makeSubnet(api, name, serial);
    return {
      ask: () => api.ask('DELETE', `networks/${network}`),
      done: async () =>
        (await api.count('networks', `id=${network}`)) + (await api.count('subnets', `name=${name}`)) === 0,
      clean: () => cleanNetwork(api, ground, name),
    };
  }),
  operation('create a subnet', async (api, ground, name, serial) => ({
    ask: () =>
      api.ask('POST', 'subnets', {
        subnet: {
          network_id: ground.network,
          ip_version: 4,
          cidr: `172.${16 + Math.floor(serial / 250)}.${serial % 250}.0/24`,
          name,
        },
      }),
    done: async () => (await api.count('subnets', `name=${name}`)) === 1,
    clean: () => api.clear('subnets', `name=${name}`),
  })),
  operation('create a rule of a security group', async (api, ground, _name, serial) => {
    const query = `security_group_id=${ground.group}&port_range_min=${serial}`;
    return {
      ask: () =>
        api.ask('POST', 'security-group-rules', {
          security_group_rule: {
            security_group_id: ground.group,
            direction: 'ingress',
            protocol: 'tcp',
            port_range_min: serial,
            port_range_max: serial,
          },
        }),
      done: async () => (await api.count('security-group-rules', query)) === 1,
      clean: () => api.clear('security-group-rules', query),
    };
  }),
];

const portBody = (ground: Ground, name: string): object => ({
  network_id: ground.network,
  name,
  security_groups: [ground.group],
});

const portOperations: readonly Operation[] = [
  operation('create a port on a host', async (api, ground, name) => ({
    ask: () =>
      api.ask('POST', 'ports', {
        port: { ...portBody(ground, name), device_owner: 'compute:x', 'binding:host_id': 'nowhere' },
      }),
    done: async () => (await api.count('ports', `name=${name}`)) === 1,
    clean: () => api.clear('ports', `name=${name}`),
  })),
  operation('change the address and groups of a port', async (api, ground, name, serial) => {
    const port = await api.make('ports', 'port', portBody(ground, name));
    const address = `10.1.${100 + Math.floor(serial / 250)}.${1 + (serial % 250)}`;
    const fixed_ips = [{ subnet_id: ground.subnet, ip_address: address }];
    return {
      ask: () => api.ask('PUT', `ports/${port}`, { port: { fixed_ips, security_groups: [] } }),
      async done() {
        const { body } = await api.ask('GET', `ports/${port}`);
        return body.port?.fixed_ips[0]?.ip_address === address && body.port.security_groups.length === 0;
      },
      clean: () => api.clear('ports', `name=${name}`),
    };
  }),
  operation('delete a port', async (api, ground, name) => {
    const port = await api.make('ports', 'port', portBody(ground, name));
    return {
      ask: () => api.ask('DELETE', `ports/${port}`),
      done: async () => (await api.ask('GET', `ports/${port}`)).status === 404,
      clean: () => api.clear('ports', `name=${name}`),
    };
  }),
  operation('create a trunk', async (api, ground, name) => {
    const port_id = await api.make('ports', 'port', portBody(ground, name));
    const sub = await api.make('ports', 'port', portBody(ground, name));
    const sub_ports = [{ port_id: sub, segmentation_type: 'vlan', segmentation_id: 7 }];
    return {
      ask: () => api.ask('POST', 'trunks', { trunk: { name, port_id, sub_ports } }),
      done: async () => (await api.count('trunks', `port_id=${port_id}`)) === 1,
      async clean() {
        await api.clear('trunks', `port_id=${port_id}`);
        await api.clear('ports', `name=${name}`);
      },
    };
  }),
];

const routerOperations: readonly Operation[] = [
  operation('add an interface to a router', async (api, ground, name, serial) => {
    const { network, subnet } = await makeSubnet(api, name, serial);
    return {
      ask: () => api.ask('PUT', `routers/${ground.router}/add_router_interface`, { subnet_id: subnet }),
      done: async () => (await api.count('ports', `network_id=${network}&device_id=${ground.router}`)) === 1,
      clean: () => cleanNetwork(api, ground, name),
    };
  }),
  operation('remove an interface from a router', async (api, ground, name, serial) => {
    const { network, subnet } = await makeSubnet(api, name, serial);
    await api.ask('PUT', `routers/${ground.router}/add_router_interface`, { subnet_id: subnet });
    return {
      ask: () => api.ask('PUT', `routers/${ground.router}/remove_router_interface`, { subnet_id: subnet }),
      done: async () => (await api.count('ports', `network_id=${network}&device_id=${ground.router}`)) === 0,
      clean: () => cleanNetwork(api, ground, name),
    };
  }),
  operation('create a floating IP', async (api, ground, name) => ({
    ask: () =>
      api.ask('POST', 'floatingips', {
        floatingip: { floating_network_id: ground.outside, description: name },
      }),
    done: async () => (await api.count('floatingips', `description=${name}`)) === 1,
    clean: () => api.clear('floatingips', `description=${name}`),
  })),
  operation('associate a floating IP', async (api, ground, name) => {
    const port_id = await api.make('ports', 'port', portBody(ground, name));
    const floatingip = await api.make('floatingips', 'floatingip', {
      floating_network_id: ground.outside,
      description: name,
    });
    return {
      ask: () => api.ask('PUT', `floatingips/${floatingip}`, { floatingip: { port_id } }),
      done: async () =>
        (await api.ask('GET', `floatingips/${floatingip}`)).body.floatingip.port_id === port_id,
      async clean() {
        await api.clear('floatingips', `description=${name}`);
        await api.clear('ports', `name=${name}`);
      },
    };
  }),
];

/** Operations of the write path, from the simplest on. */
export const operations: readonly Operation[] = [
  ...networkOperations,
  ...portOperations,
  ...routerOperations,
];
