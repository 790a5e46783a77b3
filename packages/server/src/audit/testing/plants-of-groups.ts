import { randomUUID } from 'node:crypto';
import type { Rows } from '../../drivers/mech/ovn/testing/rows.ts';
import { addressGroup, type Plant, type Planted, share } from './world.ts';

/** A rule in the group that ports use. */
const rule = (
  what: string,
  check: string,
  given: Parameters<Rows['rule']>[1],
  expected: Omit<Planted, 'subject'> = {},
): Plant => ({
  check,
  what,
  async plant({ group }, rows) {
    await rows.rule(group, given);
    return { subject: group, ...expected };
  },
});

const world4 = { remote_ip_prefix: '0.0.0.0/0' };

const openGroups: readonly Plant[] = [
  rule(
    'ssh for every IPv4 address',
    'group-open-to-world',
    {
      protocol: 'tcp',
      port_range_min: 22,
      port_range_max: 22,
      ...world4,
    },
    { evidence: /^ssh \(22\) open to IPv4 from 0\.0\.0\.0\/0; rule .*; 2 ports$/, severity: 'high' },
  ),
  rule(
    'a database for every IPv6 address, without a remote',
    'group-open-to-world',
    {
      protocol: '6',
      ethertype: 'IPv6',
      port_range_min: 5000,
      port_range_max: 6000,
    },
    { evidence: /postgresql \(5432\).* open to IPv6 from ::\/0/ },
  ),
  rule('half of all addresses', 'group-open-to-world', { protocol: 'tcp', remote_ip_prefix: '128.0.0.0/1' }),
  rule('the global unicast addresses', 'group-open-to-world', {
    protocol: 'udp',
    ethertype: 'IPv6',
    port_range_min: 161,
    port_range_max: 161,
    remote_ip_prefix: '2000::/3',
  }),
  {
    check: 'group-open-to-world',
    what: 'an address group that holds the world, in a group that no port uses',
    async plant(_, rows, tx) {
      const group = await rows.securityGroup();
      const remote_address_group_id = await addressGroup(tx, ['192.0.2.1/32', '0.0.0.0/0']);
      const rdp = { protocol: 'tcp', port_range_min: 3389, port_range_max: 3389 };
      await rows.rule(group, { ...rdp, remote_address_group_id });
      return { subject: group, severity: 'low', evidence: /^rdp \(3389\) .* address group / };
    },
  },
  rule('every protocol for everybody', 'group-permits-all', { ...world4 }, { severity: 'high' }),
  {
    check: 'template-open-to-world',
    what: 'a default rule that lets everybody in',
    async plant(_, _rows, tx) {
      const id = randomUUID();
      const [row] = await tx.query.selectFrom('default_security_group_rules').selectAll().limit(1).execute();
      if (row === undefined) throw new Error('no default rules');
      await tx.query
        .insertInto('default_security_group_rules')
        .values({ ...row, id, direction: 'ingress', remote_group_id: null, protocol: null })
        .execute();
      return { subject: id };
    },
  },
];

const groups: readonly Plant[] = [
  {
    check: 'rule-shadowed',
    what: 'a narrow rule under a wide one',
    async plant({ group }, rows) {
      const id = await rows.rule(group, {
        protocol: 'tcp',
        port_range_min: 22,
        port_range_max: 22,
        remote_ip_prefix: '10.9.0.0/16',
      });
      return { subject: id, evidence: /^held by rule / };
    },
  },
  {
    check: 'rule-shadowed',
    what: 'one of two that say the same by name and by number',
    async plant({ group }, rows) {
      const id = await rows.rule(group, {
        protocol: '6',
        port_range_min: 443,
        port_range_max: 443,
        created_at: '2999-01-01T00:00:00Z',
      });
      return { subject: id };
    },
  },
  {
    check: 'group-unused',
    what: 'a group that nobody names but itself',
    async plant(_, rows) {
      const group = await rows.securityGroup();
      await rows.rule(group, { remote_group_id: group });
      return { subject: group };
    },
  },
  {
    check: 'group-without-rules',
    what: 'a port in an empty group',
    async plant({ network }, rows) {
      const group = await rows.securityGroup();
      await rows.port(network, {}, { groups: [group] });
      return { subject: group, evidence: /^1 ports$/ };
    },
  },
];

const spoofing: readonly Plant[] = [
  {
    check: 'port-without-security',
    what: 'a server whose port may send anything',
    async plant({ network }, rows) {
      return {
        subject: await rows.port(network, { port_security_enabled: 0, device_owner: 'compute:nova' }),
      };
    },
  },
  {
    check: 'network-without-security',
    what: 'a network whose ports may',
    async plant({ external }, _rows, tx) {
      await tx.query
        .updateTable('networks')
        .set({ port_security_enabled: 0 })
        .where('id', '=', external)
        .execute();
      return { subject: external };
    },
  },
  {
    check: 'address-pair-wide',
    what: 'a pair of all addresses',
    async plant({ external }, rows) {
      const pairs = [{ mac: 'fa:16:3e:00:00:02', ip: '0.0.0.0/0' }];
      return { subject: await rows.port(external, {}, { pairs }), severity: 'high' };
    },
  },
  {
    check: 'address-pair-wide',
    what: 'a pair as wide as a provider',
    async plant({ external }, rows) {
      const pairs = [{ mac: 'fa:16:3e:00:00:02', ip: '2001:db8::/32' }];
      return { subject: await rows.port(external, {}, { pairs }), severity: 'medium' };
    },
  },
  {
    check: 'address-pair-taken',
    what: 'a pair with the address of the router',
    async plant({ network, routerPort }, rows) {
      const pairs = [{ mac: 'fa:16:3e:00:00:03', ip: '10.0.0.1' }];
      return { subject: await rows.port(network, {}, { pairs }), evidence: new RegExp(routerPort) };
    },
  },
  {
    check: 'address-pair-taken',
    what: 'a pair with the address of another project, within a prefix',
    async plant({ network, subnet, port }, rows, tx) {
      const other = await rows.port(
        network,
        { project_id: 'other' },
        { addresses: [{ subnet, ip: '10.0.0.70' }] },
      );
      await tx.query.deleteFrom('ip_allocations').where('ip_address', '=', '10.0.0.65').execute();
      return {
        subject: port,
        evidence: new RegExp(`10\\.0\\.0\\.64/28 covers 10\\.0\\.0\\.70 of port ${other}`),
      };
    },
  },
  {
    check: 'router-advertisement-unguarded',
    what: 'a second project with an IPv6 address on a network',
    async plant({ external }, rows) {
      const subnet = await rows.subnet(external, { ip_version: 6, cidr: '2001:db8::/64' });
      const at = (ip: string) => ({ addresses: [{ subnet, ip }] });
      // The same project again, a router and a port without such an address would be nothing to tell of.
      await rows.port(external, {}, at('2001:db8::5'));
      await rows.port(external, {}, at('2001:db8::6'));
      await rows.port(
        external,
        { project_id: 'third', device_owner: 'network:router_gateway' },
        at('2001:db8::7'),
      );
      await rows.port(external, { project_id: 'fourth' });
      await rows.port(external, { project_id: 'other' }, at('2001:db8::8'));
      return { subject: external, evidence: /^ports of 2 projects / };
    },
  },
];

const sharing: readonly Plant[] = [
  {
    check: 'rbac-wildcard',
    what: 'a network for everybody',
    plant: async ({ network }, _rows, tx) => ({ subject: await share(tx, network, '*') }),
  },
  {
    check: 'external-network-shared',
    what: 'an external network for everybody',
    async plant({ external }, _rows, tx) {
      await share(tx, external, '*');
      return { subject: external };
    },
  },
  {
    check: 'quota-exceeded',
    what: 'more than a limit that was lowered',
    async plant(_, rows, tx) {
      await rows.network({ project_id: 'greedy' });
      await rows.network({ project_id: 'greedy' });
      await tx.query
        .insertInto('quotas')
        .values({ project_id: 'greedy', resource: 'network', limit: 1 })
        .execute();
      return { subject: 'greedy', evidence: /^network: 2 of 1$/ };
    },
  },
  {
    check: 'quota-unlimited',
    what: 'a project without a limit',
    async plant(_, _rows, tx) {
      await tx.query
        .insertInto('quotas')
        .values({ project_id: 'free', resource: 'port', limit: -1 })
        .execute();
      return { subject: 'free' };
    },
  },
];

/** Faults of security groups, of addresses that ports may send from, and of shares and quotas. */
export const plantsOfGroups: readonly Plant[] = [...openGroups, ...groups, ...spoofing, ...sharing];
