/** What was made, by a short name. */
export type Made = { readonly [name: string]: string };

/** One object that random requests may refer to from the start. */
export interface Seed {
  readonly name: string;
  readonly kind: string;
  place(made: Made): string;
  body(made: Made): object;
}

const seed = (
  name: string,
  kind: string,
  place: string,
  body: (made: Made) => object = () => ({}),
): Seed => ({
  name,
  kind,
  place: (made) => place.replaceAll(/\{(\w+)\}/g, (_whole, part: string) => made[part] ?? ''),
  body,
});

const v4 = (network_id: string | undefined, cidr: string) => ({ network_id, ip_version: 4, cidr });
const onPolicy = (name: string, body: object): Seed =>
  seed(name, `${name}_rule`, `qos/policies/{policy}/${name}_rules`, () => body);

/** In the order in which they are made. */
export const seeds: readonly Seed[] = [
  seed('outside', 'network', 'networks', () => ({ 'router:external': true })),
  seed('outer', 'subnet', 'subnets', (made) => v4(made.outside, '203.0.113.0/24')),
  seed('network', 'network', 'networks', () => ({ shared: true })),
  seed('subnet', 'subnet', 'subnets', (made) => v4(made.network, '10.0.0.0/16')),
  seed('router', 'router', 'routers', (made) => ({ external_gateway_info: { network_id: made.outside } })),
  seed('port', 'port', 'ports', (made) => ({ network_id: made.network })),
  seed('parent', 'port', 'ports', (made) => ({ network_id: made.network })),
  seed('trunk', 'trunk', 'trunks', (made) => ({ port_id: made.parent })),
  seed('floatingip', 'floatingip', 'floatingips', (made) => ({ floating_network_id: made.outside })),
  seed('group', 'security_group', 'security-groups'),
  seed('rule', 'security_group_rule', 'security-group-rules', (made) => ({
    security_group_id: made.group,
    direction: 'ingress',
  })),
  seed('addresses', 'address_group', 'address-groups'),
  seed('scope', 'address_scope', 'address-scopes', () => ({ ip_version: 4 })),
  seed('pool', 'subnetpool', 'subnetpools', () => ({ name: 'p', prefixes: ['10.128.0.0/9'] })),
  seed('policy', 'policy', 'qos/policies', () => ({ name: 'q' })),
  onPolicy('bandwidth_limit', { max_kbps: 1000 }),
  onPolicy('dscp_marking', { dscp_mark: 8 }),
  onPolicy('minimum_bandwidth', { min_kbps: 100 }),
  seed('profile', 'service_profile', 'service_profiles', () => ({ metainfo: '{}' })),
  seed('flavor', 'flavor', 'flavors', () => ({ service_type: 'L3_ROUTER_NAT' })),
];
