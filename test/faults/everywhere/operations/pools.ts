import { cidrOf, makeSubnet, type Operation, operation, type Stage } from './kit.ts';

const makePool = ({ api, name }: Stage, prefixes: readonly string[]): Promise<string> =>
  api.make('subnetpools', 'subnetpool', { name, prefixes, default_prefixlen: 26 });

const prefixesAre = ({ api }: Stage, pool: string, prefixes: readonly string[]): Promise<boolean> =>
  api.is(`subnetpools/${pool}`, 'subnetpool', { prefixes });

export const poolOperations: readonly Operation[] = [
  operation('create a subnet pool', ['subnetpools'], async ({ api, name }) => ({
    ask: () =>
      api.ask('POST', 'subnetpools', { subnetpool: { name, prefixes: ['10.9.0.0/16'], shared: true } }),
    async done() {
      const [made] = await api.list('subnetpools', `name=${name}`);
      return made !== undefined && (await api.count('rbac-policies', `object_id=${made.id}`)) === 1;
    },
  })),
  operation('create a subnet from a pool', ['networks', 'subnetpools'], async (one) => {
    const { api, name } = one;
    const subnetpool_id = await makePool(one, ['10.9.0.0/24']);
    const network_id = await api.make('networks', 'network', { name });
    return {
      ask: () => api.ask('POST', 'subnets', { subnet: { network_id, ip_version: 4, subnetpool_id, name } }),
      done: async () => (await api.count('subnets', `name=${name}&subnetpool_id=${subnetpool_id}`)) === 1,
    };
  }),
  operation('add prefixes to a subnet pool', ['subnetpools'], async (one) => {
    const pool = await makePool(one, ['10.9.0.0/24']);
    return {
      ask: () => one.api.ask('PUT', `subnetpools/${pool}/add_prefixes`, { prefixes: ['10.9.1.0/24'] }),
      done: () => prefixesAre(one, pool, ['10.9.0.0/23']),
    };
  }),
  operation('remove prefixes from a subnet pool', ['subnetpools'], async (one) => {
    const pool = await makePool(one, ['10.9.0.0/23']);
    return {
      ask: () => one.api.ask('PUT', `subnetpools/${pool}/remove_prefixes`, { prefixes: ['10.9.1.0/24'] }),
      done: () => prefixesAre(one, pool, ['10.9.0.0/24']),
    };
  }),
  operation('take the subnets of a network into a pool', ['networks', 'subnetpools'], async (one) => {
    const { api } = one;
    const pool = await makePool(one, ['10.9.0.0/24']);
    const { network, subnet, cidr } = await makeSubnet(one);
    return {
      ask: () => api.ask('PUT', `subnetpools/${pool}/onboard_network_subnets`, { network_id: network }),
      done: async () =>
        (await prefixesAre(one, pool, ['10.9.0.0/24', cidr])) &&
        (await api.is(`subnets/${subnet}`, 'subnet', { subnetpool_id: pool })),
    };
  }),
  operation('delete a subnet pool', ['subnetpools'], async (one) => {
    const pool = await makePool(one, [cidrOf(one, 10, 3, 40)]);
    return {
      ask: () => one.api.ask('DELETE', `subnetpools/${pool}`),
      done: () => one.api.gone(`subnetpools/${pool}`),
    };
  }),
];
