import type { Api, Ground } from './kit.ts';

/** A network of the outside; returns its id. */
const layOutside = async (api: Api, tag: number, cidr: string, more: object): Promise<string> => {
  const id = await api.make('networks', 'network', {
    name: 'outside',
    'router:external': true,
    'provider:network_type': 'vlan',
    'provider:physical_network': 'physnet1',
    'provider:segmentation_id': tag,
    ...more,
  });
  await api.make('subnets', 'subnet', { network_id: id, ip_version: 4, cidr });
  return id;
};

/** A pool that subnets without one of their own are cut out of. */
const layPool = (api: Api): Promise<string> =>
  api.make('subnetpools', 'subnetpool', {
    name: 'pool',
    prefixes: ['10.64.0.0/10'],
    default_prefixlen: 24,
    is_default: true,
  });

const layPolicy = async (api: Api): Promise<string> => {
  const policy = await api.make('qos/policies', 'policy', { name: 'policy' });
  const rule = { max_kbps: 5000, direction: 'egress' };
  await api.make(`qos/policies/${policy}/bandwidth_limit_rules`, 'bandwidth_limit_rule', rule);
  return policy;
};

/** Make what every case stands on. */
export const layGround = async (api: Api): Promise<Ground> => {
  const network = await api.make('networks', 'network', { name: 'inside' });
  const subnet = await api.make('subnets', 'subnet', {
    network_id: network,
    ip_version: 4,
    cidr: '10.1.0.0/16',
  });
  const outside = await layOutside(api, 100, '10.2.0.0/17', { is_default: true });
  const beyond = await layOutside(api, 101, '10.2.128.0/17', {});
  await layPool(api);
  const router = await api.make('routers', 'router', { external_gateway_info: { network_id: outside } });
  await api.put(`routers/${router}/add_router_interface`, { subnet_id: subnet });
  const group = await api.make('security-groups', 'security_group', { name: 'group' });
  return { network, subnet, outside, beyond, router, group, policy: await layPolicy(api) };
};
