import { type Case, onMember } from './cases.ts';
import * as kinds from './kinds.ts';
import type { World } from './world.ts';

const put = (kind: kinds.Kind, action: string, body: (world: World) => object | Promise<object>): Case =>
  onMember(kind, [`get_${kind.name}`, action], async ({ path }, world) => ({
    method: 'PUT',
    path: `${path}/${action}`,
    body: await body(world),
  }));

const subnetOf = async (world: World): Promise<string> => {
  const network = await world.make('networks', 'network', { project_id: world.owner });
  const at = world.next();
  const cidr = `192.${at >> 8}.${at & 255}.0/24`;
  const body = { project_id: world.owner, network_id: network.id, ip_version: 4, cidr };
  return (await world.make('subnets', 'subnet', body)).id;
};

const { router, gatewayRouter, subnetpool, trunk, addressGroup, flavor } = kinds;

const gateways = (
  action: string,
  parts: readonly string[],
  given: (world: World) => object | Promise<object>,
): Case => {
  const guards = ['external_gateways', ...parts.map((part) => `external_gateways:${part}`)];
  const rules = ['get_router', action, ...guards.map((guard) => `${action}:${guard}`)];
  return onMember(gatewayRouter, rules, async ({ path }, world) => ({
    method: 'PUT',
    path: `${path}/${action}`,
    body: { router: { external_gateways: [await given(world)] } },
  }));
};

const multihoming = ['add_external_gateways', 'update_external_gateways'].flatMap((action) => [
  gateways(action, ['network_id'], ({ external }) => ({ network_id: external })),
  gateways(action, ['network_id', 'enable_snat'], ({ external }) => ({
    network_id: external,
    enable_snat: true,
  })),
  gateways(action, ['network_id', 'external_fixed_ips'], (world) => ({
    network_id: world.external,
    external_fixed_ips: [{ ip_address: `203.0.${100 + (world.next() % 99)}.${1 + (world.next() % 250)}` }],
  })),
  gateways(action, ['network_id', 'qos_policy_id'], async (world) => ({
    network_id: world.external,
    ...(await kinds.withPolicy(world)),
  })),
]);

const routers: readonly Case[] = [
  put(router, 'add_router_interface', async (world) => ({ subnet_id: await subnetOf(world) })),
  onMember(router, ['get_router', 'remove_router_interface'], async ({ path }, world) => {
    const subnet_id = await subnetOf(world);
    await world.put(`${path}/add_router_interface`, { subnet_id });
    return { method: 'PUT', path: `${path}/remove_router_interface`, body: { subnet_id } };
  }),
  put(router, 'add_extraroutes', () => ({ router: { routes: [] } })),
  put(router, 'remove_extraroutes', () => ({ router: { routes: [] } })),
  onMember(router, ['get_router', 'get_l3-agents'], ({ path }) => ({
    method: 'GET',
    path: `${path}/l3-agents`,
  })),
  ...multihoming,
  gateways('remove_external_gateways', [], ({ external }) => ({ network_id: external })),
];

const pools: readonly Case[] = [
  put(subnetpool, 'add_prefixes', () => ({ prefixes: ['100.64.0.0/16'] })),
  put(subnetpool, 'remove_prefixes', () => ({ prefixes: ['172.16.0.0/12'] })),
  put(subnetpool, 'onboard_network_subnets', async (world) => {
    const subnet = await subnetOf(world);
    const { network_id } = (await world.put(`subnets/${subnet}`, { subnet: { name: 'x' } })).subnet;
    return { network_id };
  }),
];

const subPort = async (world: World) => {
  const body = { network_id: world.inside.network, project_id: world.owner };
  const { id } = await world.make('ports', 'port', body);
  return { sub_ports: [{ port_id: id, segmentation_type: 'vlan', segmentation_id: 5 }] };
};

const trunks: readonly Case[] = [
  put(trunk, 'add_subports', subPort),
  onMember(trunk, ['get_trunk', 'remove_subports'], async ({ path }, world) => {
    const body = await subPort(world);
    await world.put(`${path}/add_subports`, body);
    return { method: 'PUT', path: `${path}/remove_subports`, body };
  }),
  onMember(trunk, ['get_trunk', 'get_subports'], ({ path }) => ({
    method: 'GET',
    path: `${path}/get_subports`,
  })),
];

const profile = async (world: World): Promise<string> =>
  (await world.make('service_profiles', 'service_profile', { metainfo: '{"a": 1}' })).id;

const flavors: readonly Case[] = [
  onMember(flavor, ['get_flavor', 'create_flavor_service_profile'], async ({ path }, world) => ({
    method: 'POST',
    path: `${path}/service_profiles`,
    body: { service_profile: { id: await profile(world) } },
  })),
  onMember(flavor, ['get_flavor', 'delete_flavor_service_profile'], async ({ path, id }, world) => {
    const bound = await profile(world);
    await world.put(`flavors/${id}`, { flavor: { service_profiles: [bound] } });
    return { method: 'DELETE', path: `${path}/service_profiles/${bound}` };
  }),
];

/** Requests that hang on no object of a kind above. */
const alone = (
  rules: readonly string[],
  method: string,
  path: (world: World) => string,
  more: Partial<Case> = {},
): Case => ({
  title: rules.join(' + '),
  rules,
  thing: undefined,
  of: 'owner',
  ask: (world) => ({
    method,
    path: path(world),
    ...(method === 'PUT' ? { body: { quota: { network: -1 } } } : {}),
  }),
  ...more,
});

/** Limits and use are shown to everybody of the project. */
const also: Case['also'] = (actor, owner) => actor.projectId === owner;

const TOPOLOGY = 'auto-allocated-topology';

const single: readonly Case[] = [
  alone(['get_quota'], 'GET', ({ owner }) => `quotas/${owner}`, { also }),
  alone(['get_quota'], 'GET', ({ owner }) => `quotas/${owner}/details`, { also }),
  alone(['get_quota'], 'GET', ({ owner }) => `quotas/${owner}/default`, { also }),
  {
    ...alone(['get_quota'], 'GET', () => 'quotas', { title: 'list quotas', lists: 'quotas' }),
    ask: async (world) => {
      await world.put(`quotas/${world.owner}`, { quota: { network: -1 } });
      return { method: 'GET', path: 'quotas' };
    },
  },
  alone(['update_quota'], 'PUT', ({ owner }) => `quotas/${owner}`),
  alone(['delete_quota'], 'DELETE', ({ owner }) => `quotas/${owner}`),
  alone(
    ['get_network_ip_availability'],
    'GET',
    ({ inside }) => `network-ip-availabilities/${inside.network}`,
  ),
  alone(
    ['get_network_ip_availability'],
    'GET',
    ({ inside }) => `network-ip-availabilities?network_id=${inside.network}`,
    { title: 'list network-ip-availabilities', lists: 'network_ip_availabilities' },
  ),
  alone(['get_auto_allocated_topology'], 'GET', ({ owner }) => `${TOPOLOGY}/${owner}?fields=dry-run`),
  alone(['delete_auto_allocated_topology'], 'DELETE', ({ owner }) => `${TOPOLOGY}/${owner}`),
  alone(['get_floatingip_pool'], 'GET', () => 'floatingip-pools', {
    of: 'caller',
    lists: 'floatingip_pools',
  }),
  alone(['get_availability_zone'], 'GET', () => 'availability_zones', { lists: 'availability_zones' }),
  alone(['get_rule_type'], 'GET', () => 'qos/rule-types', { lists: 'rule_types' }),
  // What drivers make of a type is for administrators, which no rule of its own says.
  alone(['get_rule_type', 'context_is_admin'], 'GET', () => 'qos/rule-types/dscp_marking'),
];

/** Member actions, and what has no members of its own. */
export const actionCases: readonly Case[] = [
  ...routers,
  ...pools,
  ...trunks,
  put(addressGroup, 'add_addresses', () => ({ addresses: ['192.0.2.0/24'] })),
  put(addressGroup, 'remove_addresses', () => ({ addresses: [] })),
  onMember(kinds.portBinding, ['activate'], ({ path }) => ({ method: 'PUT', path: `${path}/activate` })),
  onMember(kinds.port, ['get_port', 'get_port_timeline'], ({ path }) => ({
    method: 'GET',
    path: `${path}/timeline`,
  })),
  ...flavors,
  ...single,
];
