import assert from 'node:assert/strict';
import {
  floatingIp,
  type Network,
  network,
  type Port,
  port,
  qosBandwidthLimitRule,
  qosPolicy,
  type Router,
  router,
  type SecurityGroup,
  type Subnet,
  subnet,
} from '@ovenbird/api';
import { type Sent, type Shell, until } from '@ovenbird/server';
import { addGroup, openSite, type Site, type SiteOptions } from './machines.ts';

/** Addresses of the machine outside: one in the external network, one a hop further. */
export const OUTSIDE = '203.0.113.1';
export const FAR = '198.51.100.1';
export const OUTSIDE_6 = '2001:db8:ffff::1';

/** A site whose external network, on the physical network of all hosts, leads to the machine outside. */
export interface RoutedSite extends Site {
  readonly external: Network;
  readonly ipv4: Subnet;
  readonly ipv6: Subnet;
  readonly outside: Shell;
  /** Lets everything in. */
  readonly open: SecurityGroup;
}

export async function openRoutedSite(options: SiteOptions = {}): Promise<RoutedSite> {
  await using opening = new AsyncDisposableStack();
  const site = opening.use(await openSite(options));
  const { outside } = site.stack.lab;
  await outside.ip(
    `address add ${OUTSIDE}/24 dev eth0`,
    `address add ${FAR}/32 dev lo`,
    `address add ${OUTSIDE_6}/64 dev eth0 nodad`,
  );
  const external = await site.admin.create(network, {
    name: 'outside',
    'router:external': true,
    'provider:network_type': 'flat',
    'provider:physical_network': 'public',
  });
  const addSubnet = (body: Sent) =>
    site.admin.create(subnet, { network_id: external.id, enable_dhcp: false, ...body });
  const ipv4 = await addSubnet({ ip_version: 4, cidr: '203.0.113.0/24', gateway_ip: OUTSIDE });
  const ipv6 = await addSubnet({ ip_version: 6, cidr: '2001:db8:ffff::/64', gateway_ip: OUTSIDE_6 });
  const open = await addGroup(site, 'open', [{ ethertype: 'IPv4' }, { ethertype: 'IPv6' }]);
  opening.move();
  return { ...site, external, ipv4, ipv6, outside, open };
}

/** A router of the tenant with a gateway to the outside. */
export const addRouter = (site: RoutedSite, body: Sent = {}): Promise<Router> =>
  site.tenant.create(router, { external_gateway_info: { network_id: site.external.id }, ...body });

/** Join a subnet to a router; gives the id of the router's port. */
export async function join(site: Site, routerId: string, subnetId: string): Promise<string> {
  const path = `/v2.0/routers/${routerId}/add_router_interface`;
  const { status, body } = await site.tenant.request('PUT', path, { subnet_id: subnetId });
  assert.equal(status, 200, JSON.stringify(body));
  return (body as { readonly port_id: string }).port_id; // Neutron's answer to this action
}

/** Subnets of a network, the first of the version. */
export async function subnetOf(site: Site, net: Network, version: 4 | 6 = 4): Promise<Subnet> {
  const [found] = await site.tenant.list(subnet, { network_id: net.id, ip_version: version });
  assert.ok(found);
  return found;
}

/** The router's gateway port, as the administrator sees it. */
export async function gatewayPort(site: Site, routerId: string): Promise<Port> {
  const query = { device_id: routerId, device_owner: 'network:router_gateway' };
  const [found] = await site.admin.list(port, query);
  assert.ok(found);
  return found;
}

/** Names of the hosts that may carry the router's gateway, the first choice first. */
export async function scheduleOf(site: Site, routerId: string): Promise<readonly string[]> {
  const { body } = await site.admin.request('GET', `/v2.0/routers/${routerId}/l3-agents`);
  return (body as { readonly agents: readonly { readonly host: string }[] }).agents.map(({ host }) => host);
}

/** Address of the router's gateway in the version. */
export async function gatewayAddress(site: Site, routerId: string, version: 4 | 6 = 4): Promise<string> {
  const { fixed_ips } = await gatewayPort(site, routerId);
  const found = fixed_ips.find(({ ip_address }) => ip_address.includes(':') === (version === 6));
  assert.ok(found);
  return found.ip_address;
}

/** A floating IP of the tenant in the external network. */
export async function addFloatingIp(
  site: RoutedSite,
  body: Sent,
): Promise<{ readonly id: string; readonly address: string }> {
  const { id, floating_ip_address: address } = await site.tenant.create(floatingIp, {
    floating_network_id: site.external.id,
    ...body,
  });
  assert.ok(address);
  return { id, address };
}

/** A policy with the same limit of bandwidth both ways; its id. */
export async function addLimits(site: Site, kbps: number): Promise<string> {
  const policy = await site.admin.create(qosPolicy, { shared: true });
  for (const direction of ['egress', 'ingress']) {
    const { status } = await site.admin.request(
      'POST',
      `/v2.0/qos/policies/${policy.id}/bandwidth_limit_rules`,
      {
        [qosBandwidthLimitRule.name]: { max_kbps: kbps, max_burst_kbps: kbps / 10, direction },
      },
    );
    assert.equal(status, 201);
  }
  return policy.id;
}

/**
 * What a server on `to` saw as the address of `from`, which connects to `address` and `portNumber`; undefined without a
 * connection. The server answers one connection on `listen`.
 */
export async function seenBy(
  from: Shell,
  to: Shell,
  address: string,
  portNumber: number,
  listen = portNumber,
): Promise<string | undefined> {
  const stop = new AbortController();
  const listener = `require('net').createServer((s) => s.end(s.remoteAddress)).listen(${listen}, '::')`;
  const server = to.run([process.execPath, '-e', listener], { signal: stop.signal, timeoutMs: 30_000 });
  try {
    await until(`server on ${listen}`, async () => {
      const { stdout } = await to.run(['ss', '-Hltn', `sport = :${listen}`]);
      return stdout.includes(`:${listen}`);
    });
    const connect = `const s = require('net').connect({ host: '${address}', port: ${portNumber}, timeout: 2000 });
      s.on('data', (d) => { console.log(String(d)); process.exit(0); });
      s.on('timeout', () => process.exit(2)); s.on('error', () => process.exit(1));`;
    const { code, stdout } = await from.run([process.execPath, '-e', connect]);
    return code === 0 ? stdout.trim().replace('::ffff:', '') : undefined;
  } finally {
    stop.abort();
    await server.catch(() => {}); // ended by us
  }
}
