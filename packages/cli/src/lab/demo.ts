import {
  network,
  type Port,
  port,
  type ResourceDefinition,
  type ResourceOf,
  securityGroup,
  securityGroupRule,
  subnet,
} from '@ovenbird/api';
import { type ApiClient, type Guest, type LabHost, type Sent, until } from '@ovenbird/server';
import type { Steps } from './steps.ts';

export interface DemoOptions {
  readonly steps: Steps;
  /** A member of the demonstration's project. */
  readonly member: ApiClient;
  /** Says on which host a port is, as a compute service does. */
  readonly admin: ApiClient;
  readonly hosts: readonly LabHost[];
  readonly signal: AbortSignal;
}

const cidr = '10.42.0.0/24';

/**
 * The main job through the public API: two machines of a tenant get addresses by DHCP and reach each other, a third one
 * without an allowing rule cannot be reached. Uses again what an earlier run made. Returns the guests, still plugged.
 */
export async function runDemo(options: DemoOptions): Promise<readonly Guest[]> {
  const { steps, member } = options;
  const net = await steps.step('network demo-net', () => ensure(member, network, { name: 'demo-net' }));
  await steps.step(`subnet demo-subnet ${cidr}`, () =>
    ensure(
      member,
      subnet,
      { name: 'demo-subnet', network_id: net.id },
      { cidr, ip_version: 4, dns_nameservers: ['192.0.2.53'] },
    ),
  );
  const open = await steps.step('security group demo-ping, which lets ICMP in', async () => {
    const group = await ensure(member, securityGroup, { name: 'demo-ping' });
    const rule = { security_group_id: group.id, direction: 'ingress', protocol: 'icmp', ethertype: 'IPv4' };
    await ensure(member, securityGroupRule, rule);
    return group;
  });
  const closed = await steps.step('security group demo-closed, which lets nothing in', () =>
    ensure(member, securityGroup, { name: 'demo-closed' }),
  );
  const add = (name: string, group: { readonly id: string }): Promise<Port> =>
    steps.step(`port demo-${name}`, () =>
      ensure(member, port, { name: `demo-${name}`, network_id: net.id }, { security_groups: [group.id] }),
    );
  const ports = {
    alice: await add('alice', open),
    bob: await add('bob', open),
    carol: await add('carol', closed),
  };

  const guests: { [name: string]: Guest } = {};
  const { hosts } = options;
  for (const [index, [name, each]] of Object.entries(ports).entries()) {
    const host = hosts[index % hosts.length];
    if (host === undefined) throw new RangeError('a lab has at least one host');
    guests[name] = await steps.step(`${name}: namespace plugged into demo-${name} on ${host.name}`, () =>
      plug(options, host, name, each),
    );
  }
  await converse(options, ports, Object.values(guests));
  return Object.values(guests);
}

/** DHCP, status and packets. */
async function converse(
  { steps, member, signal }: DemoOptions,
  ports: { readonly alice: Port; readonly bob: Port; readonly carol: Port },
  guests: readonly Guest[],
): Promise<void> {
  const [alice, bob, carol] = guests;
  if (!alice || !bob || !carol) throw new RangeError('the demonstration has three guests');
  const address = (of: Port): string => of.fixed_ips[0]?.ip_address ?? '';
  await steps.step('all ports ACTIVE', () =>
    until(
      'ports ACTIVE',
      async () => {
        const listed = await member.list(port, { id: Object.values(ports).map((each) => each.id) });
        return listed.length === 3 && listed.every((each) => each.status === 'ACTIVE');
      },
      { signal },
    ),
  );
  for (const [guest, own] of [
    [alice, ports.alice],
    [bob, ports.bob],
    [carol, ports.carol],
  ] as const) {
    await steps.step(`${guest.name}: ${address(own)} by DHCP from OVN`, async () => {
      const lease = await guest.dhcp();
      if (lease.address !== address(own)) throw new Error(`the lease says ${lease.address}`);
    });
  }
  await steps.step(`alice pings bob at ${address(ports.bob)}: answered`, () =>
    until('answer of bob', () => alice.ping(address(ports.bob)), { signal }),
  );
  await steps.step(`carol pings alice at ${address(ports.alice)}: answered, so carol is there`, () =>
    until('answer of alice', () => carol.ping(address(ports.alice)), { signal }),
  );
  await steps.step(`alice pings carol at ${address(ports.carol)}: blocked, no rule lets it in`, async () => {
    if (await alice.ping(address(ports.carol), { count: 3 })) throw new Error('carol answered');
  });
}

async function plug({ admin }: DemoOptions, host: LabHost, name: string, own: Port): Promise<Guest> {
  const bound = await admin.update(port, own.id, { 'binding:host_id': host.name });
  if (bound['binding:vif_type'] !== 'ovs')
    throw new Error(`the port is ${bound['binding:vif_type']} on ${host.name}`);
  return await host.plug({ name, portId: own.id, mac: own.mac_address });
}

/** The resource with these attributes, made (with `more` in addition) when there is none. */
async function ensure<D extends ResourceDefinition>(
  client: ApiClient,
  definition: D,
  attributes: Sent,
  more: Sent = {},
): Promise<ResourceOf<D>> {
  const [known] = await client.list(definition, { ...attributes, project_id: client.projectId });
  return known ?? (await client.create(definition, { ...attributes, ...more }));
}
