import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { SouthboundTables } from '@ovenbird/ovn-db';
import type { OvsdbClient } from '@ovenbird/ovsdb';
import { forEachDialect } from '../../packages/server/src/testing/databases.ts';
import { addChassis, connectAsController } from './chassis.ts';
import { eventually } from './eventually.ts';
import { startNorthd } from './northd.ts';
import { type OvnStack, startOvnStack } from './stack.ts';

const vlan = { 'provider:network_type': 'vlan', 'provider:physical_network': 'physnet1' };

const put = async (stack: OvnStack, path: string, body: object) => {
  const answer = await stack.ask('PUT', path, body);
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
};

const subnetOf = async (stack: OvnStack, network_id: string, cidr: string, more: object = {}) => {
  const subnet = { network_id, ip_version: cidr.includes(':') ? 6 : 4, cidr, ...more };
  return String((await stack.make('subnets', { subnet })).id);
};

const networkWith = async (stack: OvnStack, cidr: string, more: object = {}) => {
  const { id } = await stack.make('networks', { network: more });
  return { id: String(id), subnet: await subnetOf(stack, id, cidr) };
};

/** A router with two ways out, for which OVN 23.03 knows no load balancers and no VLANs inside. */
async function doublyRouted(stack: OvnStack, outside: string) {
  const watched = { enable_default_route_bfd: true, enable_default_route_ecmp: true };
  const gateway = { network_id: outside };
  const router = await stack.make('routers', { router: { external_gateway_info: gateway, ...watched } });
  const more = { router: { external_gateways: [gateway] } };
  await put(stack, `routers/${router.id}/add_external_gateways`, more);
  const { subnet } = await networkWith(stack, '10.0.4.0/24');
  await put(stack, `routers/${router.id}/add_router_interface`, { subnet_id: subnet });
}

/** Routers with all that routing knows: outside by a VLAN, twice, and by a tunnel. */
async function routed(stack: OvnStack) {
  const outside = await networkWith(stack, '192.0.2.0/24', { 'router:external': true, ...vlan });
  await subnetOf(stack, outside.id, '2001:db8:f::/64');
  const tunnelled = await networkWith(stack, '198.51.100.0/24', { 'router:external': true });
  const [one, other, third] = [
    await networkWith(stack, '10.0.1.0/24'),
    await networkWith(stack, '10.0.2.0/24', vlan),
    await networkWith(stack, '10.0.3.0/24'),
  ];
  const slaac = { ipv6_ra_mode: 'slaac', ipv6_address_mode: 'slaac', dns_nameservers: ['2001:db8::53'] };
  const six = await subnetOf(stack, one.id, '2001:db8:1::/64', slaac);
  const gateway = { external_gateway_info: { network_id: outside.id } };
  const router = await stack.make('routers', { router: gateway });
  await doublyRouted(stack, outside.id);
  for (const subnet_id of [one.subnet, other.subnet, six])
    await put(stack, `routers/${router.id}/add_router_interface`, { subnet_id });
  const away = { external_gateway_info: { network_id: tunnelled.id } };
  const whole = await stack.make('routers', { router: away });
  await put(stack, `routers/${whole.id}/add_router_interface`, { subnet_id: third.subnet });
  for (const [inside, external] of [
    [one.id, outside.id],
    [third.id, tunnelled.id],
  ]) {
    const ports = [];
    for (let count = 0; count < 2; count += 1)
      ports.push(await stack.make('ports', { port: { network_id: inside } }));
    const [first, second] = ports;
    const lead = { floating_network_id: external, port_id: first.id };
    await stack.make('floatingips', { floatingip: lead });
    const { id } = await stack.make('floatingips', { floatingip: { floating_network_id: external } });
    const [fixed] = second.fixed_ips;
    const ranges = { external_port_range: '80:82', internal_port_range: '80:82' };
    const inner = { internal_port_id: second.id, internal_ip_address: fixed.ip_address };
    await stack.make(`floatingips/${id}/port_forwardings`, {
      port_forwarding: { protocol: 'tcp', ...inner, ...ranges },
    });
  }
}

const actionsOf = async (controller: OvsdbClient<SouthboundTables>): Promise<string> => {
  const [result] = await controller.transact([controller.operations.select('Logical_Flow', [], ['actions'])]);
  return (result?.rows ?? []).map((row) => String(row.actions)).join('\n');
};

forEachDialect('northd', (databases) => {
  for (const distributedFloatingIp of [false, true])
    it(`makes flows of routing, ${distributedFloatingIp ? 'distributed' : 'centralised'}, without a complaint`, async () => {
      await using stack = await startOvnStack(await databases.freshUrl(), { distributedFloatingIp });
      await using controller = await connectAsController(stack.servers);
      for (const name of ['ch-1', 'ch-2']) {
        const config = { 'ovn-bridge-mappings': 'physnet1:br-ex' };
        await addChassis(controller, { name, hostname: name, config });
      }
      await eventually(async () => assert.equal(stack.app.ovn?.chassis.all().length, 2));
      await using northd = await startNorthd(stack.servers);
      await routed(stack);
      await eventually(async () => {
        const actions = await actionsOf(controller);
        for (const wanted of [
          /ct_snat(?:_in_czone)?\(192\.0\.2\./,
          /ct_dnat(?:_in_czone)?\(10\.0\.1\./,
          /ct_dnat(?:_in_czone)?\(10\.0\.3\./,
          /ct_lb(?:_mark)?\(backends=10\.0\.1\.\d+:81/,
          /ct_lb(?:_mark)?\(backends=10\.0\.3\.\d+:81/,
          /handle_bfd_msg/,
          /put_nd_ra_opts\([^;]*slaac[^;]*2001:db8:1::\/64/,
        ])
          assert.ok(wanted.test(actions), `no flow with ${wanted.source}`);
      });
      assert.deepEqual(await northd.complaints(), []);
    });
});
