import { type Case, change, creation, reading } from './cases.ts';
import * as kinds from './kinds.ts';
import type { World } from './world.ts';

const vlan = (world: World) => ({
  'provider:network_type': 'vlan',
  'provider:physical_network': 'physnet',
  'provider:segmentation_id': world.next() + 200,
});
const SEGMENT = ['network_type', 'physical_network', 'segmentation_id'] as const;

const SEGMENTS = ['segments', ...SEGMENT.map((part) => `segments:provider:${part}`)];

const { network, port, withPolicy } = kinds;

const networks: readonly Case[] = [
  creation(network, ['create_network', 'create_network:shared'], () => ({ shared: true })),
  creation(network, ['create_network', 'create_network:router:external'], () => ({
    'router:external': true,
  })),
  creation(network, ['create_network', 'create_network:is_default'], () => ({ is_default: true })),
  creation(network, ['create_network', 'create_network:port_security_enabled'], () => ({
    port_security_enabled: false,
  })),
  creation(network, ['create_network', ...SEGMENTS.map((end) => `create_network:${end}`)], (world) => ({
    segments: [vlan(world)],
  })),
  creation(
    network,
    ['create_network', ...SEGMENT.map((part) => `create_network:provider:${part}`)],
    (world) => vlan(world),
  ),
  change(network, ['update_network', 'update_network:shared'], () => ({ shared: true })),
  change(network, ['update_network', 'update_network:router:external'], () => ({ 'router:external': true })),
  change(network, ['update_network', 'update_network:is_default'], () => ({ is_default: true })),
  change(network, ['update_network', 'update_network:port_security_enabled'], () => ({
    port_security_enabled: false,
  })),
  change(network, ['update_network', ...SEGMENTS.map((end) => `update_network:${end}`)], (world) => ({
    segments: [vlan(world)],
  })),
  ...SEGMENT.flatMap((part) => {
    const given = (world: World) => ({ [`provider:${part}`]: vlan(world)[`provider:${part}`] });
    return [
      // One part alone is no network, but who may not name it is told so first.
      creation(network, ['create_network', `create_network:provider:${part}`], given),
      change(network, ['update_network', `update_network:provider:${part}`], given),
      reading(network, `provider:${part}`),
    ];
  }),
  reading(kinds.severalSegments, 'segments'),
  creation(network, ['create_network', 'create_network:mtu'], () => ({ mtu: 1400 })),
  change(network, ['update_network', 'update_network:mtu'], () => ({ mtu: 1400 })),
];

type Given = (world: World) => object;

const PAIRS = 'allowed_address_pairs';
const octet = (world: World): number => 10 + (world.next() % 80);
const PORTS: readonly (readonly [readonly string[], Given])[] = [
  [['device_id'], () => ({ device_id: 'machine' })],
  [['device_owner'], () => ({ device_owner: 'compute:zone' })],
  [['mac_address'], (world) => ({ mac_address: `fa:16:3e:aa:${octet(world)}:${octet(world)}` })],
  [['port_security_enabled'], () => ({ port_security_enabled: false, security_groups: [] })],
  [['trusted'], () => ({ trusted: true })],
  [['binding:host_id'], () => ({ 'binding:host_id': 'host' })],
  [['binding:profile'], () => ({ 'binding:profile': { a: '1' } })],
  [['binding:vnic_type'], () => ({ 'binding:vnic_type': 'macvtap' })],
  [[PAIRS, `${PAIRS}:ip_address`], () => ({ [PAIRS]: [{ ip_address: '10.9.9.9' }] })],
  [
    [PAIRS, `${PAIRS}:ip_address`, `${PAIRS}:mac_address`],
    () => ({ [PAIRS]: [{ ip_address: '10.9.9.9', mac_address: 'fa:16:3e:01:02:03' }] }),
  ],
];
const FIXED: readonly (readonly [readonly string[], Given])[] = [
  [
    ['fixed_ips', 'fixed_ips:ip_address'],
    (world) => ({ fixed_ips: [{ ip_address: `10.0.2${octet(world) % 50}.${octet(world)}` }] }),
  ],
];

const portRules = (verb: string, attributes: readonly string[]): readonly string[] => [
  `${verb}_port`,
  ...attributes.map((name) => `${verb}_port:${name}`),
];

const onSubnet = async (world: World, network_id: string | undefined) => {
  const body = { network_id, ip_version: 4, cidr: '10.7.0.0/24', project_id: world.owner };
  return { fixed_ips: [{ subnet_id: (await world.make('subnets', 'subnet', body)).id }] };
};
const SUBNET = ['fixed_ips', 'fixed_ips:subnet_id'];

const ports: readonly Case[] = [
  creation(port, portRules('create', SUBNET), (world, parent) => onSubnet(world, parent?.id)),
  change(port, portRules('update', SUBNET), (world, { parent }) => onSubnet(world, parent?.id)),
  ...[...PORTS, ...FIXED].flatMap(([attributes, given]) => [
    creation(port, portRules('create', attributes), given, { facts: { device_owner: '' } }),
    change(port, portRules('update', attributes), given, { facts: { device_owner: '' } }),
  ]),
  ...(['create', 'update'] as const).map((verb) => {
    const given = { device_owner: 'network:some' };
    const rules = portRules(verb, ['device_owner']);
    const more = { facts: given, title: `${rules.join(' + ')} network:some` };
    return verb === 'create'
      ? creation(port, rules, () => given, more)
      : change(port, rules, () => given, more);
  }),
];

const { router, gatewayRouter, subnetpool, addressScope, rbacPolicy, floatingIp } = kinds;
const gateway = (world: World, more: object) => ({
  external_gateway_info: { network_id: world.external, ...more },
});
const NETWORK = ['external_gateway_info', 'external_gateway_info:network_id'];
const ROUTERS: readonly (readonly [readonly string[], (world: World) => object | Promise<object>])[] = [
  [['ha'], () => ({ ha: false })],
  [NETWORK, (world) => gateway(world, {})],
  [[...NETWORK, 'external_gateway_info:enable_snat'], (world) => gateway(world, { enable_snat: false })],
  [
    [...NETWORK, 'external_gateway_info:external_fixed_ips'],
    (world) =>
      gateway(world, {
        external_fixed_ips: [
          { ip_address: `203.0.${100 + (world.next() % 99)}.${1 + (world.next() % 250)}` },
        ],
      }),
  ],
  [
    [...NETWORK, 'external_gateway_info:qos_policy_id'],
    async (world) => gateway(world, await withPolicy(world)),
  ],
  [['enable_default_route_bfd'], () => ({ enable_default_route_bfd: true })],
  [['enable_default_route_ecmp'], () => ({ enable_default_route_ecmp: true })],
];
const routers: readonly Case[] = [
  ...ROUTERS.flatMap(([attributes, given]) => {
    const rules = (verb: string) => [`${verb}_router`, ...attributes.map((name) => `${verb}_router:${name}`)];
    return [creation(router, rules('create'), given), change(gatewayRouter, rules('update'), given)];
  }),
  reading(router, 'ha'),
];

const everybody = { target_tenant: '*', target_project: '*' };
const { trunk } = kinds;
const RBAC = [
  'create_rbac_policy',
  ...['object_type', 'object_id', 'action'].map((name) => `create_rbac_policy:${name}`),
];
const SUB_PORTS = [
  'sub_ports',
  ...['port_id', 'segmentation_type', 'segmentation_id'].map((name) => `sub_ports:${name}`),
];
const others: readonly Case[] = [
  ...[network, port, floatingIp].flatMap((kind) => [
    creation(kind, [`create_${kind.name}`, `create_${kind.name}:qos_policy_id`], withPolicy),
    change(kind, [`update_${kind.name}`, `update_${kind.name}:qos_policy_id`], withPolicy),
  ]),
  creation(port, portRules('create', ['hardware_offload_type']), () => ({
    hardware_offload_type: 'switchdev',
  })),
  creation(
    trunk,
    ['create_trunk', ...SUB_PORTS.map((end) => `create_trunk:${end}`)],
    async (world, _parent, project_id) => {
      const { id: port_id } = await world.make('ports', 'port', {
        project_id,
        network_id: world.inside.network,
      });
      return { sub_ports: [{ port_id, segmentation_type: 'vlan', segmentation_id: 5 }] };
    },
  ),
  creation(floatingIp, ['create_floatingip', 'create_floatingip:floating_ip_address'], (world) => ({
    floating_ip_address: `203.0.${200 + (world.next() % 50)}.${1 + (world.next() % 250)}`,
  })),
  creation(subnetpool, ['create_subnetpool', 'create_subnetpool:shared'], () => ({ shared: true })),
  creation(subnetpool, ['create_subnetpool', 'create_subnetpool:is_default'], () => ({ is_default: true })),
  change(subnetpool, ['update_subnetpool', 'update_subnetpool:is_default'], () => ({ is_default: true })),
  creation(addressScope, ['create_address_scope', 'create_address_scope:shared'], () => ({ shared: true })),
  change(addressScope, ['update_address_scope', 'update_address_scope:shared'], () => ({ shared: true })),
  creation(rbacPolicy, [...RBAC, 'create_rbac_policy:target_tenant'], () => ({ target_tenant: '*' }), {
    facts: everybody,
  }),
  change(
    rbacPolicy,
    ['update_rbac_policy', 'update_rbac_policy:target_tenant'],
    () => ({ target_tenant: '*' }),
    { facts: everybody },
  ),
];

const segmentOf = async (world: World, network: string | undefined) => {
  const { segments } = await world.get(`segments?network_id=${network}`);
  return { segment_id: segments[0].id };
};
const { subnet } = kinds;
const subnets: readonly Case[] = [
  creation(subnet, ['create_subnet', 'create_subnet:segment_id'], (world, parent) =>
    segmentOf(world, parent?.id),
  ),
  change(subnet, ['update_subnet', 'update_subnet:segment_id'], (world, { parent }) =>
    segmentOf(world, parent?.id),
  ),
  reading(subnet, 'segment_id'),
];

/** Attributes with rules of their own: written and read. */
export const attributeCases: readonly Case[] = [
  ...networks,
  ...ports,
  ...['vif_type', 'vif_details', 'host_id', 'profile'].map((name) =>
    reading(kinds.boundPort, `binding:${name}`),
  ),
  reading(kinds.boundPort, 'resource_request'),
  reading(port, 'trusted'),
  change(port, ['update_port', 'update_port:data_plane_status'], () => ({ data_plane_status: 'DOWN' })),
  ...subnets,
  ...routers,
  ...others,
];
