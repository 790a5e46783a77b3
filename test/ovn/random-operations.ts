import { RandomRouting } from './random-routing.ts';
import type { OvnStack } from './stack.ts';

/** Where requests go. */
export type Asked = Pick<OvnStack, 'ask' | 'make'>;

/** A small repeatable source of numbers (mulberry32); the seed is all there is to know of a run. */
export function randomFrom(seed: number) {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  return {
    below: (limit: number): number => Math.floor(next() * limit),
    pick: <T>(from: readonly T[]): T | undefined => from[Math.floor(next() * from.length)],
    chance: (share: number): boolean => next() < share,
  };
}

type Random = ReturnType<typeof randomFrom>;

export interface Known {
  readonly networks: string[];
  readonly subnets: string[];
  readonly ports: string[];
  readonly groups: string[];
  readonly rules: string[];
  readonly addressGroups: string[];
  readonly trunks: string[];
  readonly policies: string[];
  readonly routers: string[];
  readonly floatingIps: string[];
  readonly logs: string[];
}

const collections = [
  'networks',
  'subnets',
  'ports',
  'groups',
  'rules',
  'addressGroups',
  'trunks',
  'policies',
  'routers',
  'floatingIps',
  'logs',
] as const;
const paths = {
  networks: 'networks',
  subnets: 'subnets',
  ports: 'ports',
  groups: 'security-groups',
  rules: 'security-group-rules',
  addressGroups: 'address-groups',
  trunks: 'trunks',
  policies: 'qos/policies',
  routers: 'routers',
  floatingIps: 'floatingips',
  logs: 'log/logs',
} as const;

const dhcpOpts = [
  { opt_name: 'mtu', opt_value: '1400', ip_version: 4 },
  { opt_name: 'bootfile-name', opt_value: 'pxelinux.0', ip_version: 4 },
  { opt_name: 'classless-static-route', opt_value: '{10.9.0.0/24,10.0.0.9}', ip_version: 4 },
  { opt_name: 'dhcp_disabled', opt_value: 'true', ip_version: 4 },
  { opt_name: 'dns-server', opt_value: '2001:db8::53', ip_version: 6 },
];

/** Nowhere, what the tests call their hosts, and one that nobody has. */
const hosts = ['', '', 'ch-1', 'host1', 'host2', 'nowhere'];

/** Nothing is known yet. */
export const nothingKnown = (): Known => ({
  networks: [],
  subnets: [],
  ports: [],
  groups: [],
  rules: [],
  addressGroups: [],
  trunks: [],
  policies: [],
  routers: [],
  floatingIps: [],
  logs: [],
});

/** What clients do, chosen at random among what makes sense and what is refused. */
export class RandomOperations {
  readonly #stack: Asked;
  readonly #random: Random;
  readonly #known: Known;
  readonly #routing: RandomRouting;
  readonly #addresses: string[] = [];
  #count = 0;

  /** `known` may be shared by several at once. */
  constructor(stack: Asked, seed: number, known: Known = nothingKnown()) {
    this.#stack = stack;
    this.#known = known;
    this.#random = randomFrom(seed);
    this.#routing = new RandomRouting(stack, this.#random, this.#known);
  }

  /** Make what the steps need, while nothing is broken. */
  prepare(): Promise<void> {
    return this.#routing.prepare();
  }

  /** One request. Throws when the service answers with a fault of its own. */
  async step(): Promise<void> {
    this.#count += 1;
    const kind = this.#random.below(27);
    if (kind === 0) await this.#create('networks', 'network', this.#network());
    else if (kind === 1) await this.#create('subnets', 'subnet', this.#subnet());
    else if (kind <= 4) await this.#create('ports', 'port', this.#port());
    else if (kind === 5) await this.#create('groups', 'security_group', { name: `g${this.#count}` });
    else if (kind === 6) await this.#create('rules', 'security_group_rule', this.#rule());
    else if (kind === 7) await this.#update('networks', 'network', this.#networkUpdate());
    else if (kind === 8) await this.#update('subnets', 'subnet', this.#subnetUpdate());
    else if (kind <= 10) await this.#update('ports', 'port', this.#portUpdate());
    else if (kind === 11) await this.#create('addressGroups', 'address_group', this.#addressGroup());
    else if (kind === 12) await this.#readdress();
    else if (kind === 13) await this.#create('trunks', 'trunk', this.#trunk());
    else if (kind === 14) await this.#resubport();
    else if (kind === 15) await this.#create('policies', 'policy', { name: `q${this.#count}` });
    else if (kind === 16) await this.#addLimit();
    else if (kind === 17) await this.#limit();
    else if (kind <= 23) await this.#routing.step();
    else if (kind === 24) await this.#create('logs', 'log', this.#log());
    else if (kind === 25) await this.#update('logs', 'log', { enabled: this.#random.chance(0.5) });
    else await this.#remove();
  }

  #log(): object {
    const random = this.#random;
    const { groups, ports } = this.#known;
    return {
      resource_type: 'security_group',
      event: random.pick(['ALL', 'ACCEPT', 'DROP']),
      enabled: random.chance(0.8),
      ...(random.chance(0.5) ? { resource_id: random.pick(groups) } : {}),
      ...(random.chance(0.3) ? { target_id: random.pick(ports) } : {}),
    };
  }

  #subPort(): object {
    const tag = 1 + this.#random.below(5);
    return { port_id: this.#random.pick(this.#known.ports), segmentation_type: 'vlan', segmentation_id: tag };
  }

  #trunk(): object {
    const below = this.#random.chance(0.5) ? [this.#subPort()] : [];
    return { name: `t${this.#count}`, port_id: this.#random.pick(this.#known.ports), sub_ports: below };
  }

  async #resubport(): Promise<void> {
    const action = this.#random.chance(0.6) ? 'add_subports' : 'remove_subports';
    const trunk = this.#random.pick(this.#known.trunks);
    if (trunk !== undefined)
      await this.#send('PUT', `trunks/${trunk}/${action}`, { sub_ports: [this.#subPort()] });
  }

  async #addLimit(): Promise<void> {
    const random = this.#random;
    const policy = random.pick(this.#known.policies);
    const direction = random.pick(['ingress', 'egress']);
    const [type, rule] = random.pick([
      [
        'bandwidth_limit',
        { max_kbps: random.below(3) * 1000, max_burst_kbps: random.below(2) * 100, direction },
      ],
      ['minimum_bandwidth', { min_kbps: random.below(3) * 500, direction }],
      ['dscp_marking', { dscp_mark: random.pick([0, 8, 46]) }],
    ] as const) ?? ['dscp_marking', { dscp_mark: 0 }];
    const path = `qos/policies/${policy}/${type}_rules`;
    if (policy !== undefined) await this.#send('POST', path, { [`${type}_rule`]: rule });
  }

  async #limit(): Promise<void> {
    const policy = this.#random.chance(0.8) ? this.#random.pick(this.#known.policies) : undefined;
    const given = { qos_policy_id: policy ?? null };
    if (this.#random.chance(0.5)) await this.#update('ports', 'port', given);
    else await this.#update('networks', 'network', given);
  }

  #network(): object {
    const random = this.#random;
    return {
      name: `n${this.#count}`,
      ...(random.chance(0.3)
        ? { 'provider:network_type': 'vlan', 'provider:physical_network': 'physnet1' }
        : {}),
      ...(random.chance(0.2) ? { 'router:external': true } : {}),
      ...(random.chance(0.2) ? { port_security_enabled: false } : {}),
    };
  }

  #subnet(): object {
    const third = this.#random.below(200);
    const network_id = this.#random.pick(this.#known.networks);
    const mode = this.#random.pick(['slaac', 'dhcpv6-stateful', 'dhcpv6-stateless']);
    return this.#random.chance(0.6)
      ? { network_id, ip_version: 4, cidr: `10.0.${third}.0/24`, enable_dhcp: this.#random.chance(0.8) }
      : {
          network_id,
          ip_version: 6,
          cidr: `2001:db8:${third}::/64`,
          ipv6_address_mode: mode,
          ipv6_ra_mode: mode,
        };
  }

  #port(): object {
    const random = this.#random;
    const group = random.pick(this.#known.groups);
    return {
      network_id: random.pick(this.#known.networks),
      name: `p${this.#count}`,
      admin_state_up: random.chance(0.9),
      ...(random.chance(0.4) && group !== undefined ? { security_groups: [group] } : {}),
      ...(random.chance(0.2) ? { extra_dhcp_opts: [random.pick(dhcpOpts)] } : {}),
      ...(random.chance(0.3) ? { allowed_address_pairs: [{ ip_address: this.#address() }] } : {}),
      ...(random.chance(0.1) ? { security_groups: [], port_security_enabled: false } : {}),
      ...(random.chance(0.1) ? { device_owner: 'network:dhcp' } : {}),
      ...(random.chance(0.6) ? { device_id: `vm-${this.#count}` } : {}),
      ...(random.chance(0.5) ? this.#names() : {}),
    };
  }

  /** Few, so that ports share some. */
  #names(): object {
    const domain = this.#random.pick(['', '', 'own.example.', '<project_id>.example.']);
    return { dns_name: this.#random.pick(['', 'web', 'db', 'a.b']), dns_domain: domain };
  }

  #address(): string {
    const taken = this.#random.chance(0.7) ? this.#random.pick(this.#addresses) : undefined;
    const host = taken ?? `10.0.${this.#random.below(200)}.${2 + this.#random.below(20)}`;
    const prefix = host.includes(':') ? 128 : 32;
    return this.#random.chance(0.3) ? `${host}/${prefix}` : host;
  }

  #rule(): object {
    const random = this.#random;
    const protocol = random.pick(['tcp', 'udp', 'icmp', '112', null]);
    const ports = protocol === 'tcp' || protocol === 'udp';
    const from = 1 + random.below(1000);
    return {
      security_group_id: random.pick(this.#known.groups),
      direction: random.pick(['ingress', 'egress']),
      ethertype: 'IPv4',
      protocol,
      ...(ports ? { port_range_min: from, port_range_max: from + random.below(3) } : {}),
      ...(random.chance(0.4) ? { remote_group_id: random.pick(this.#known.groups) } : {}),
      ...(random.chance(0.2) ? { remote_address_group_id: random.pick(this.#known.addressGroups) } : {}),
      ...(random.chance(0.3) ? { remote_ip_prefix: `10.${random.below(4)}.0.1/16` } : {}),
    };
  }

  #prefix(): string {
    const [second, third] = [this.#random.below(4), this.#random.below(4)];
    return this.#random.chance(0.7) ? `10.${second}.${third}.0/24` : `2001:db8:${second}:${third}::/64`;
  }

  #addressGroup(): object {
    return { name: `a${this.#count}`, addresses: this.#random.chance(0.7) ? [this.#prefix()] : [] };
  }

  async #readdress(): Promise<void> {
    const id = this.#random.pick(this.#known.addressGroups);
    if (id === undefined) return;
    const action = this.#random.chance(0.6) ? 'add_addresses' : 'remove_addresses';
    await this.#send('PUT', `address-groups/${id}/${action}`, { addresses: [this.#prefix()] });
  }

  #networkUpdate(): object {
    const kind = this.#random.below(3);
    if (kind === 0) return { mtu: 1300 + this.#random.below(100) };
    if (kind === 1) return { dns_domain: this.#random.pick(['', 'net.example.', 'two.example.']) };
    return { name: `renamed ${this.#count}` };
  }

  #subnetUpdate(): object {
    const kind = this.#random.below(4);
    if (kind === 0) return { enable_dhcp: this.#random.chance(0.5) };
    if (kind === 1) return { dns_nameservers: [`192.0.2.${1 + this.#random.below(9)}`] };
    if (kind === 2) return { host_routes: [{ destination: '10.77.0.0/24', nexthop: '10.0.0.7' }] };
    return { gateway_ip: null };
  }

  #portUpdate(): object {
    const random = this.#random;
    const group = random.pick(this.#known.groups);
    const kind = random.below(10);
    if (kind === 9) return { 'binding:host_id': random.pick(hosts) };
    if (kind === 7) return this.#names();
    if (kind === 8) return { device_id: random.chance(0.5) ? `vm-${this.#count}` : '' };
    if (kind === 0) return { name: `renamed ${this.#count}` };
    if (kind === 1) return { admin_state_up: random.chance(0.5) };
    if (kind === 2)
      return { allowed_address_pairs: random.chance(0.3) ? [] : [{ ip_address: this.#address() }] };
    if (kind === 3) return { extra_dhcp_opts: [random.pick(dhcpOpts)] };
    if (kind === 4) return { security_groups: group === undefined ? [] : [group] };
    if (kind === 5) return { security_groups: [], allowed_address_pairs: [], port_security_enabled: false };
    return { port_security_enabled: true };
  }

  async #create(known: keyof Known, name: string, body: object): Promise<void> {
    const { status, body: answer } = await this.#send('POST', paths[known], { [name]: body });
    if (status !== 201) return;
    this.#known[known].push(answer[name].id);
    if (known === 'ports')
      this.#addresses.push(...answer.port.fixed_ips.map((fixed: { ip_address: string }) => fixed.ip_address));
  }

  async #update(known: keyof Known, name: string, body: object): Promise<void> {
    const id = this.#random.pick(this.#known[known]);
    if (id !== undefined) await this.#send('PUT', `${paths[known]}/${id}`, { [name]: body });
  }

  async #remove(): Promise<void> {
    const known = this.#random.pick(collections) ?? 'ports';
    const id = this.#random.pick(this.#known[known]);
    if (id === undefined) return;
    const { status } = await this.#send('DELETE', `${paths[known]}/${id}`);
    if (status === 204) this.#known[known].splice(this.#known[known].indexOf(id), 1);
  }

  async #send(method: 'POST' | 'PUT' | 'DELETE', path: string, body?: object) {
    const answer = await this.#stack.ask(method, path, body);
    if (answer.status >= 500)
      throw new Error(
        `${method} ${path} ${JSON.stringify(body)}: ${answer.status} ${JSON.stringify(answer.body)}`,
      );
    return answer;
  }
}
