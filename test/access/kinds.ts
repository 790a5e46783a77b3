import type { Answered, World } from './world.ts';

/** An object that was made for one question. */
export interface Thing {
  readonly id: string;
  /** Of its member URL. */
  readonly path: string;
  /** As the administrator saw it. */
  readonly made: Answered;
  readonly parent: Thing | undefined;
}

/** A kind of object: how one is made for a project, and what a small change of it is. */
export interface Kind {
  /** Key of a body. */
  readonly name: string;
  /** The noun of its rules, where it is not `name`. */
  readonly noun?: string;
  readonly collection: string;
  readonly parent?: Kind;
  /** Hangs below its parent's URL. */
  readonly below?: true;
  /** It comes with its parent, under this id. */
  readonly comesAs?: string;
  /** Another collection under which it is found. */
  readonly at?: string;
  /** A write by one whom it is only shared with is told 404, the reference's way with address groups. */
  readonly hidesWrites?: true;
  /** Object type by which it is given to another project. */
  readonly shares?: string;
  body(world: World, projectId: string, parent: Thing | undefined): Promise<object>;
  readonly change: (world: World) => object;
  /** Has tags. */
  readonly tags?: true;
}

const renamed = (world: World) => ({ name: `n${world.next()}` });
const described = (world: World) => ({ description: `d${world.next()}` });
const owned = async (_world: World, project_id: string) => ({ project_id });

/** The id of a project that nobody is of. */
const projectId = (world: World): string => world.next().toString(16).padStart(32, '0');

const address = (world: World, base: string): string => {
  const count = world.next() + 256;
  return `${base}.${count >> 8}.${count & 255}`;
};

export const network: Kind = {
  name: 'network',
  collection: 'networks',
  shares: 'network',
  body: owned,
  change: renamed,
  tags: true,
};
export const severalSegments: Kind = {
  ...network,
  body: async (world, project_id) => ({
    project_id,
    segments: [world.next() + 1000, world.next() + 1000].map((id) => ({
      'provider:network_type': 'vlan',
      'provider:physical_network': 'physnet',
      'provider:segmentation_id': id,
    })),
  }),
};
export const subnet: Kind = {
  name: 'subnet',
  collection: 'subnets',
  parent: network,
  body: async (world, project_id, parent) => ({
    project_id,
    network_id: parent?.id,
    ip_version: 4,
    cidr: `${address(world, '10')}.0/24`,
  }),
  change: renamed,
  tags: true,
};
export const port: Kind = {
  name: 'port',
  collection: 'ports',
  parent: network,
  body: async (_world, project_id, parent) => ({ project_id, network_id: parent?.id }),
  change: renamed,
  tags: true,
};
export const boundPort: Kind = {
  ...port,
  body: async (_world, project_id, parent) => ({
    project_id,
    network_id: parent?.id,
    device_owner: 'compute:zone',
    'binding:host_id': 'host',
  }),
};
export const portBinding: Kind = {
  name: 'binding',
  noun: 'port_binding',
  collection: 'bindings',
  parent: boundPort,
  below: true,
  comesAs: 'host',
  body: async (world) => ({ host: `host${world.next()}` }),
  change: () => ({ vnic_type: 'direct' }),
};
export const router: Kind = {
  name: 'router',
  collection: 'routers',
  body: owned,
  change: renamed,
  tags: true,
};
export const gatewayRouter: Kind = {
  ...router,
  body: async (world, project_id) => ({
    project_id,
    external_gateway_info: { network_id: world.external },
  }),
};
export const floatingIp: Kind = {
  name: 'floatingip',
  collection: 'floatingips',
  body: async (world, project_id) => ({ project_id, floating_network_id: world.external }),
  change: described,
  tags: true,
};
export const portForwarding: Kind = {
  name: 'port_forwarding',
  noun: 'floatingip_port_forwarding',
  collection: 'port_forwardings',
  parent: floatingIp,
  below: true,
  body: async (world) => {
    const { id, fixed_ips } = await world.make('ports', 'port', {
      network_id: world.inside.network,
      project_id: world.owner,
    });
    const internal = { internal_port_id: id, internal_ip_address: fixed_ips[0].ip_address };
    return { ...internal, protocol: 'tcp', internal_port: 22, external_port: 2222 };
  },
  change: described,
};
export const securityGroup: Kind = {
  name: 'security_group',
  collection: 'security-groups',
  shares: 'security_group',
  body: owned,
  change: renamed,
  tags: true,
};
const matches = (world: World) => {
  const at = world.next();
  return { direction: 'ingress', protocol: 'tcp', port_range_min: at, port_range_max: at };
};
export const securityGroupRule: Kind = {
  name: 'security_group_rule',
  collection: 'security-group-rules',
  parent: securityGroup,
  body: async (world, _project, parent) => ({ security_group_id: parent?.id, ...matches(world) }),
  change: described,
};
export const defaultSecurityGroupRule: Kind = {
  name: 'default_security_group_rule',
  collection: 'default-security-group-rules',
  body: async (world) => ({ used_in_default_sg: false, used_in_non_default_sg: false, ...matches(world) }),
  change: described,
};
export const rbacPolicy: Kind = {
  name: 'rbac_policy',
  collection: 'rbac-policies',
  body: async (world, project_id) => {
    const { id } = await world.make('networks', 'network', { project_id });
    const grant = { object_type: 'network', object_id: id, action: 'access_as_shared' };
    return { project_id, ...grant, target_tenant: projectId(world) };
  },
  change: (world) => ({ target_tenant: projectId(world) }),
};
export const addressGroup: Kind = {
  name: 'address_group',
  collection: 'address-groups',
  shares: 'address_group',
  hidesWrites: true,
  body: owned,
  change: renamed,
};
export const trunk: Kind = {
  name: 'trunk',
  collection: 'trunks',
  body: async (world, project_id) => {
    const { id } = await world.make('ports', 'port', { project_id, network_id: world.inside.network });
    return { project_id, port_id: id };
  },
  change: renamed,
  tags: true,
};
export const qosPolicy: Kind = {
  name: 'policy',
  collection: 'qos/policies',
  shares: 'qos_policy',
  body: async (world, project_id) => ({ project_id, ...renamed(world) }),
  change: described,
  tags: true,
};
/** Names a policy that everybody sees. */
export const withPolicy = async (world: World): Promise<{ readonly qos_policy_id: string }> => ({
  qos_policy_id: (await world.make('qos/policies', 'policy', { ...renamed(world), shared: true })).id,
});
const qosRule = (what: string, body: object, change: object): readonly [Kind, Kind] => {
  const kind: Kind = {
    name: `${what}_rule`,
    noun: `policy_${what}_rule`,
    collection: `${what}_rules`,
    parent: qosPolicy,
    below: true,
    body: async () => body,
    change: () => change,
  };
  return [
    kind,
    { ...kind, name: `alias_${what}_rule`, noun: `alias_${what}_rule`, at: `qos/alias_${what}_rules` },
  ];
};
export const qosRules: readonly Kind[] = [
  ...qosRule('bandwidth_limit', { max_kbps: 1000 }, { max_kbps: 2000 }),
  ...qosRule('dscp_marking', { dscp_mark: 8 }, { dscp_mark: 10 }),
  ...qosRule('minimum_bandwidth', { min_kbps: 1000 }, { min_kbps: 2000 }),
  ...qosRule('minimum_packet_rate', { min_kpps: 100 }, { min_kpps: 200 }),
  ...qosRule('packet_rate_limit', { max_kpps: 100 }, { max_kpps: 200 }).slice(0, 1),
];
export const addressScope: Kind = {
  name: 'address_scope',
  collection: 'address-scopes',
  shares: 'address_scope',
  body: async (_world, project_id) => ({ project_id, ip_version: 4 }),
  change: renamed,
};
export const subnetpool: Kind = {
  name: 'subnetpool',
  collection: 'subnetpools',
  shares: 'subnetpool',
  body: async (_world, project_id) => ({ project_id, name: 'pool', prefixes: ['172.16.0.0/12'] }),
  change: renamed,
  tags: true,
};
export const serviceProfile: Kind = {
  name: 'service_profile',
  collection: 'service_profiles',
  body: async () => ({ metainfo: '{"a": 1}' }),
  change: described,
};
export const flavor: Kind = {
  name: 'flavor',
  collection: 'flavors',
  body: async () => ({ service_type: 'L3_ROUTER_NAT' }),
  change: renamed,
};

export const segment: Kind = {
  name: 'segment',
  collection: 'segments',
  body: async (world, project_id) => {
    const place = (physical: string) => ({
      'provider:network_type': 'vlan',
      'provider:physical_network': physical,
      'provider:segmentation_id': world.next() + 500,
    });
    const { id } = await world.make('networks', 'network', { project_id, ...place('physnet') });
    const other = { network_type: 'vlan', physical_network: 'other', segmentation_id: world.next() + 500 };
    return { network_id: id, ...other };
  },
  change: renamed,
};
export const log: Kind = {
  name: 'log',
  collection: 'log/logs',
  body: async (_world, project_id) => ({ project_id, resource_type: 'security_group' }),
  change: described,
};
const STATEFULNESS = 'security_groups_default_statefulness';
export const defaultStatefulness: Kind = {
  name: STATEFULNESS,
  collection: STATEFULNESS.replaceAll('_', '-'),
  body: async (world, project_id) => {
    await world.clear(STATEFULNESS.replaceAll('_', '-'), STATEFULNESS, `project_id=${project_id}`);
    return { project_id };
  },
  change: (world) => ({ stateful: world.next() % 2 === 0 }),
};
export const segmentRange: Kind = {
  name: 'network_segment_range',
  collection: 'network-segment-ranges',
  body: async (world) => {
    const id = 1_000_000 + world.next();
    return { network_type: 'geneve', minimum: id, maximum: id };
  },
  change: renamed,
  tags: true,
};

export const kinds: readonly Kind[] = [
  ...[network, subnet, port, portBinding, router, floatingIp, portForwarding, securityGroup],
  ...[securityGroupRule, defaultSecurityGroupRule, rbacPolicy, addressGroup, trunk, qosPolicy, ...qosRules],
  ...[addressScope, subnetpool, serviceProfile, flavor, segmentRange],
  ...[segment, log, defaultStatefulness],
];

/** Make one for `projectId` as the administrator, its parents before it, and share it with `sharedTo` if it can be. */
export const makeThing = async (
  world: World,
  kind: Kind,
  projectId: string,
  sharedTo: string | undefined,
): Promise<Thing> => {
  const parent =
    kind.parent === undefined ? undefined : await makeThing(world, kind.parent, projectId, sharedTo);
  const collection = kind.below === true ? `${parent?.path}/${kind.collection}` : kind.collection;
  if (kind.comesAs !== undefined)
    return { id: kind.comesAs, path: `${collection}/${kind.comesAs}`, made: {}, parent };
  const name = kind.at === undefined ? kind.name : kind.name.replace('alias_', '');
  const made = await world.make(collection, name, await kind.body(world, projectId, parent));
  const id = String(made.id);
  if (sharedTo !== undefined && kind.shares !== undefined)
    await world.make('rbac-policies', 'rbac_policy', {
      object_type: kind.shares,
      object_id: id,
      action: 'access_as_shared',
      target_tenant: sharedTo,
    });
  return { id, path: `${kind.at ?? collection}/${id}`, made, parent };
};
