import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  type Network,
  network,
  type Port,
  port,
  type SecurityGroup,
  securityGroup,
  securityGroupRule,
  subnet,
} from '@ovenbird/api';
import {
  type ApiClient,
  type Guest,
  type Sent,
  type Stack,
  type StackOptions,
  startStack,
  until,
} from '@ovenbird/server';

/** A tenant with simulated hosts, for the packet tests. */
export interface Site extends AsyncDisposable {
  readonly stack: Stack;
  readonly tenant: ApiClient;
  readonly admin: ApiClient;
}

/** A guest and its port as last read. */
export interface Machine extends AsyncDisposable {
  readonly guest: Guest;
  readonly port: Port;
  /** First address of the family. */
  ip(family?: 4 | 6): string;
  update(body: Sent): Promise<Port>;
}

export interface SiteOptions {
  /** Hosts. Default 2. */
  readonly chassis?: number;
  readonly settings?: StackOptions['settings'];
}

export async function openSite({ chassis = 2, settings = {} }: SiteOptions = {}): Promise<Site> {
  const stateDir = mkdtempSync(path.join(tmpdir(), 'ovenbird-packets-'));
  const stack = await startStack({ stateDir, chassis, apiPort: 0, identityPort: 0, settings });
  const login = { user: 'tenant', password: 'a-tenant-password', project: 'tenant', roles: ['member'] };
  return {
    stack,
    tenant: await stack.login(login),
    admin: await stack.admin(),
    async [Symbol.asyncDispose]() {
      await stack[Symbol.asyncDispose]();
      rmSync(stateDir, { recursive: true, force: true });
    },
  };
}

/** A network with these subnets. */
export async function addNetwork(site: Site, name: string, subnets: readonly Sent[]): Promise<Network> {
  const made = await site.tenant.create(network, { name });
  for (const body of subnets) await site.tenant.create(subnet, { network_id: made.id, ...body });
  return made;
}

/** A security group with these rules in addition to the default ones (everything out, nothing in). */
export async function addGroup(
  site: Site,
  name: string,
  rules: readonly Sent[],
  body: Sent = {},
): Promise<SecurityGroup> {
  const group = await site.tenant.create(securityGroup, { name, ...body });
  for (const rule of rules) {
    await site.tenant.create(securityGroupRule, {
      security_group_id: group.id,
      direction: 'ingress',
      ...rule,
    });
  }
  return group;
}

/** A port bound to a host, numbered from 1, with a guest plugged into it; waits until it is ACTIVE. */
export async function addMachine(
  site: Site,
  name: string,
  where: {
    readonly net: Network;
    readonly host: number;
    readonly groups?: readonly SecurityGroup[];
    /** Of the guest's interface. */
    readonly mtu?: number;
  },
  body: Sent = {},
): Promise<Machine> {
  const host = site.stack.lab.hosts[where.host - 1];
  assert.ok(host);
  const made = await site.tenant.create(port, {
    name,
    network_id: where.net.id,
    ...(where.groups ? { security_groups: where.groups.map((group) => group.id) } : {}),
    ...body,
  });
  const bound = await site.admin.update(port, made.id, { 'binding:host_id': host.name });
  assert.equal(bound['binding:vif_type'], 'ovs');
  const guest = await host.plug({
    name,
    portId: made.id,
    mac: made.mac_address,
    ...(where.mtu === undefined ? {} : { mtu: where.mtu }),
  });
  await statusBecomes(site, made.id, 'ACTIVE');
  const ip = (family: 4 | 6 = 4): string => {
    const addresses = made.fixed_ips.map((fixed) => fixed.ip_address);
    return addresses.find((address) => address.includes(':') === (family === 6)) ?? '';
  };
  return {
    guest,
    port: made,
    ip,
    update: (changes) => site.tenant.update(port, made.id, changes),
    async [Symbol.asyncDispose]() {
      await guest[Symbol.asyncDispose]();
      await site.tenant.remove(port, made.id);
    },
  };
}

export async function statusBecomes(site: Site, id: string, status: string): Promise<void> {
  await until(`port ${id} ${status}`, async () => (await site.tenant.show(port, id)).status === status);
}

/** Wait until everything written so far is in the flow tables of the hosts. */
export async function settled(site: Site): Promise<void> {
  await site.stack.lab.central.sync();
}

/** True when `from` gets a line over TCP from `to`. A fresh server on `to` answers one connection. */
export async function tcp(from: Guest, to: Guest, address: string, portNumber: number): Promise<boolean> {
  const stop = new AbortController();
  const listener = `require('net').createServer(s => s.end('hello')).listen(${portNumber}, () => console.log('on'))`;
  const server = to.run([process.execPath, '-e', listener], { signal: stop.signal, timeoutMs: 20_000 });
  try {
    await until(`server on ${portNumber}`, async () => {
      const { stdout } = await to.run(['ss', '-Hltn', `sport = :${portNumber}`]);
      return stdout.includes(`:${portNumber}`);
    });
    const connect = `const s = require('net').connect({ host: '${address}', port: ${portNumber}, timeout: 1500 });
      s.on('data', (d) => process.exit(String(d) === 'hello' ? 0 : 3));
      s.on('timeout', () => process.exit(2)); s.on('error', () => process.exit(1));`;
    return (await from.run([process.execPath, '-e', connect])).code === 0;
  } finally {
    stop.abort();
    await server.catch(() => {}); // ended by us
  }
}
