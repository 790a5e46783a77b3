import type { OvnStack } from './stack.ts';

/** What routing asks of its source of numbers. */
interface Random {
  below(limit: number): number;
  pick<T>(from: readonly T[]): T | undefined;
  chance(share: number): boolean;
}

/** Ids of what there is; routing adds its own. */
interface Known {
  readonly networks: readonly string[];
  readonly subnets: readonly string[];
  readonly ports: readonly string[];
  readonly routers: string[];
  readonly floatingIps: string[];
  readonly policies: readonly string[];
}

const ROUTE = { destination: '10.88.0.0/16', nexthop: '10.210.0.9' };

/** What clients do with routers, chosen at random among what makes sense and what is refused. */
export class RandomRouting {
  readonly #stack: Pick<OvnStack, 'ask' | 'make'>;
  readonly #random: Random;
  readonly #known: Known;
  /** A network outside and a subnet inside, a router between them: so that some requests succeed. */
  #places: { readonly outside: string; readonly inside: string; readonly inner: string } | undefined;
  readonly #machines: string[] = [];
  #forwardings: { readonly floatingIp: string; readonly id: string }[] = [];

  constructor(stack: Pick<OvnStack, 'ask' | 'make'>, random: Random, known: Known) {
    this.#stack = stack;
    this.#random = random;
    this.#known = known;
  }

  /** Make what the steps need; the first step does it otherwise. */
  async prepare(): Promise<void> {
    this.#places ??= await this.#prepare();
  }

  /** One request, but for the first time, when it takes a few. */
  async step(): Promise<void> {
    await this.prepare();
    if (this.#machines.length < 2) await this.#machine();
    const kind = this.#random.below(14);
    if (kind === 0) await this.#createRouter();
    else if (kind <= 2) await this.#interface('add');
    else if (kind === 3) await this.#interface('remove');
    else if (kind <= 6) await this.#updateRouter();
    else if (kind <= 8) await this.#createFloatingIp();
    else if (kind <= 10) await this.#associate();
    else if (kind <= 12) await this.#forward();
    else await this.#machine();
  }

  async #prepare() {
    const { make } = this.#stack;
    const vlan = { 'provider:network_type': 'vlan', 'provider:physical_network': 'physnet1' };
    const outside = await make('networks', { network: { 'router:external': true, ...vlan } });
    for (const [ip_version, cidr] of [
      [4, '203.0.113.0/24'],
      [6, '2001:db8:ffff::/64'],
    ])
      await make('subnets', { subnet: { network_id: outside.id, ip_version, cidr } });
    const inside = await make('networks', { network: { name: 'inside' } });
    const subnet = { network_id: inside.id, ip_version: 4, cidr: '10.210.0.0/24' };
    const inner = await make('subnets', { subnet });
    const external_gateway_info = { network_id: outside.id };
    const router = await make('routers', { router: { name: 'first', external_gateway_info } });
    await this.#send('PUT', `routers/${router.id}/add_router_interface`, { subnet_id: inner.id });
    this.#known.routers.push(router.id);
    return { outside: String(outside.id), inside: String(inside.id), inner: String(inner.id) };
  }

  #outside(): string | undefined {
    return this.#random.chance(0.8) ? this.#places?.outside : this.#random.pick(this.#known.networks);
  }

  /** Mostly nothing about a policy; else one, or none. */
  #policy(): object {
    if (this.#random.chance(0.6)) return {};
    return { qos_policy_id: this.#random.pick(this.#known.policies) ?? null };
  }

  async #createRouter(): Promise<void> {
    const gateway = this.#random.chance(0.6) ? { network_id: this.#outside(), ...this.#policy() } : null;
    const hints = this.#random.chance(0.2) ? { availability_zone_hints: ['az1'] } : {};
    const router = { name: `r${this.#known.routers.length}`, external_gateway_info: gateway, ...hints };
    const answer = await this.#send('POST', 'routers', { router });
    if (answer.status === 201) this.#known.routers.push(answer.body.router.id);
  }

  async #interface(action: 'add' | 'remove'): Promise<void> {
    const subnet = this.#random.chance(0.5) ? this.#places?.inner : this.#random.pick(this.#known.subnets);
    const port = this.#random.pick(this.#known.ports);
    const body =
      this.#random.chance(0.2) && port !== undefined ? { port_id: port } : { subnet_id: subnet ?? '' };
    await this.#change(`${action}_router_interface`, body);
  }

  async #updateRouter(): Promise<void> {
    const random = this.#random;
    const flag = random.chance(0.5);
    const given = [
      { name: `renamed ${random.below(100)}` },
      { admin_state_up: flag },
      {
        external_gateway_info: flag
          ? { network_id: this.#outside(), enable_snat: random.chance(0.7), ...this.#policy() }
          : null,
      },
      {
        external_gateways: flag
          ? []
          : [{ network_id: this.#outside() }, { network_id: this.#outside(), ...this.#policy() }],
      },
      { routes: flag ? [ROUTE] : [] },
      { enable_default_route_bfd: flag },
      { enable_default_route_ecmp: flag },
    ];
    const picked = random.pick(given) ?? {};
    if ('external_gateways' in picked && !flag)
      await this.#change('add_external_gateways', { router: picked });
    else await this.#change('', { router: picked });
  }

  async #change(action: string, body: object): Promise<void> {
    const router = this.#random.pick(this.#known.routers);
    if (router !== undefined)
      await this.#send('PUT', `routers/${router}${action === '' ? '' : `/${action}`}`, body);
  }

  async #machine(): Promise<void> {
    const port = { network_id: this.#places?.inside, name: 'machine' };
    const answer = await this.#send('POST', 'ports', { port });
    if (answer.status === 201) this.#machines.push(answer.body.port.id);
  }

  async #createFloatingIp(): Promise<void> {
    const port = this.#random.chance(0.6) ? this.#random.pick(this.#machines) : undefined;
    const floatingip = {
      floating_network_id: this.#outside(),
      ...this.#policy(),
      ...(port === undefined ? {} : { port_id: port }),
    };
    const answer = await this.#send('POST', 'floatingips', { floatingip });
    if (answer.status === 201) this.#known.floatingIps.push(answer.body.floatingip.id);
  }

  async #associate(): Promise<void> {
    const id = this.#random.pick(this.#known.floatingIps);
    const port_id = this.#random.chance(0.7) ? (this.#random.pick(this.#machines) ?? null) : null;
    if (id !== undefined)
      await this.#send('PUT', `floatingips/${id}`, {
        floatingip: { port_id, ...this.#policy() },
      });
  }

  async #forward(): Promise<void> {
    const random = this.#random;
    const gone = random.chance(0.3) ? random.pick(this.#forwardings) : undefined;
    if (gone !== undefined) {
      await this.#send('DELETE', `floatingips/${gone.floatingIp}/port_forwardings/${gone.id}`);
      this.#forwardings = this.#forwardings.filter((one) => one !== gone);
      return;
    }
    const floatingIp = random.pick(this.#known.floatingIps);
    const port = random.pick(this.#machines);
    if (floatingIp === undefined || port === undefined) return;
    const shown = await this.#stack.ask('GET', `ports/${port}`);
    const first = 1000 + random.below(20);
    const range = `${first}:${first + random.below(3)}`;
    const port_forwarding = {
      protocol: random.pick(['tcp', 'udp', 'sctp']),
      internal_port_id: port,
      internal_ip_address: shown.body.port?.fixed_ips[0]?.ip_address,
      external_port_range: range,
      internal_port_range: range,
    };
    const path = `floatingips/${floatingIp}/port_forwardings`;
    const answer = await this.#send('POST', path, { port_forwarding });
    if (answer.status === 201) this.#forwardings.push({ floatingIp, id: answer.body.port_forwarding.id });
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
