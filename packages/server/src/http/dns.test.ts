import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { forEachDialect } from '../testing/databases.ts';
import { createRoutingWorld, errorOf, type RoutingWorld } from '../testing/routing-world.ts';

const BAD = [400, 'HTTPBadRequest'];

forEachDialect('names', (databases) => {
  let world: RoutingWorld;
  let inside: { networkId: string; subnetId: string };
  before(async () => {
    world = await createRoutingWorld(databases, { network: { dnsDomain: 'example.org' } });
    inside = await world.inner(world.red, '10.1.0.0/24');
  });
  after(() => world[Symbol.asyncDispose]());

  const portOf = (body: object = {}) =>
    world.make(world.red, 'ports', 'port', { network_id: inside.networkId, ...body });
  const change = async (id: string, port: object) =>
    (await world.put(world.red, `ports/${id}`, { port })).port;
  const show = async (id: string, query = '') => (await world.get(world.red, `ports/${id}${query}`)).port;

  test('of a port are kept in lower case and shown for each address', async () => {
    const made = await portOf({
      dns_name: 'Web',
      dns_domain: 'shop.example.',
      fixed_ips: [{ ip_address: '10.1.0.9' }],
    });
    const assigned = (hostname: string, address = '10.1.0.9') => [
      { ip_address: address, hostname, fqdn: `${hostname}.example.org.` },
    ];
    assert.deepEqual([made.dns_name, made.dns_domain], ['web', 'shop.example.']);
    assert.deepEqual(made.dns_assignment, assigned('web'));
    assert.deepEqual(await show(made.id), made);
    assert.deepEqual(await show(made.id, '?fields=dns_assignment'), { dns_assignment: assigned('web') });
    const listed = await world.get(world.red, `ports?id=${made.id}`);
    assert.deepEqual(listed.ports, [made]);
    const renamed = await change(made.id, { dns_name: 'db', fixed_ips: [{ ip_address: '10.1.0.10' }] });
    assert.deepEqual(renamed.dns_assignment, assigned('db', '10.1.0.10'));
    assert.deepEqual([renamed.dns_domain, renamed.revision_number], ['shop.example.', 2]);
    const nameless = await change(made.id, { dns_name: '', dns_domain: '' });
    assert.deepEqual([nameless.dns_name, nameless.dns_domain], ['', '']);
    assert.deepEqual(nameless.dns_assignment, assigned('host-10-1-0-10', '10.1.0.10'));
    const addressless = await portOf({ dns_name: 'lost', fixed_ips: [] });
    assert.deepEqual(addressless.dns_assignment, []);
  });

  test('that cannot be are refused, and nothing changes', async () => {
    const port = await portOf({ dns_name: 'stays' });
    const label = 'a'.repeat(63);
    for (const body of [
      { dns_name: 'under_score' },
      { dns_name: '-a' },
      { dns_name: 'vm.elsewhere.net.' },
      { dns_name: 'example.org.' },
      { dns_name: `${label}.${label}.${label}.${'b'.repeat(55)}` },
      { dns_domain: 'relative.org' },
      { dns_assignment: [] },
    ]) {
      const text = JSON.stringify(body);
      assert.deepEqual(errorOf(await world.red.ask('PUT', `ports/${port.id}`, { port: body })), BAD, text);
      const made = await world.red.ask('POST', 'ports', { port: { network_id: inside.networkId, ...body } });
      assert.deepEqual(errorOf(made), BAD, text);
    }
    const typed = await world.red.ask('PUT', `ports/${port.id}`, { port: { dns_name: 7 } });
    assert.deepEqual(errorOf(typed), [400, 'InvalidInput']);
    assert.deepEqual(await show(port.id), port);
    const absolute = await change(port.id, { dns_name: 'vm.example.org.' });
    const [{ hostname, fqdn }] = absolute.dns_assignment;
    assert.deepEqual([hostname, fqdn], ['vm.example.org.', 'vm.example.org.']);
  });

  test('of networks, subnets and floating IPs', async () => {
    const network = await world.make(world.red, 'networks', 'network', {
      dns_domain: '<project_id>.Example.',
    });
    assert.equal(network.dns_domain, '<project_id>.example.');
    const put = (dns_domain: string) =>
      world.put(world.red, `networks/${network.id}`, { network: { dns_domain } });
    const { network: moved } = await put('two.example.');
    assert.deepEqual([moved.dns_domain, moved.revision_number], ['two.example.', 2]);
    assert.deepEqual((await put('two.example.')).network, moved);
    assert.equal((await put('')).network.dns_domain, '');
    const bad = await world.red.ask('PUT', `networks/${network.id}`, { network: { dns_domain: 'x' } });
    assert.deepEqual(errorOf(bad), BAD);
    const { subnet } = await world.get(world.red, `subnets/${inside.subnetId}`);
    assert.equal(subnet.dns_publish_fixed_ip, false);
    const published = { subnet: { dns_publish_fixed_ip: true } };
    const changed = await world.put(world.red, `subnets/${inside.subnetId}`, published);
    assert.equal(changed.subnet.dns_publish_fixed_ip, true);
    const fip = (body: object) =>
      world.red.ask('POST', 'floatingips', {
        floatingip: { floating_network_id: world.external.id, ...body },
      });
    const named = await fip({ dns_name: 'Www', dns_domain: 'example.com.' });
    const { dns_name, dns_domain, id } = named.body.floatingip;
    assert.deepEqual([dns_name, dns_domain], ['www', 'example.com.']);
    assert.deepEqual((await world.get(world.red, `floatingips/${id}`)).floatingip, named.body.floatingip);
    assert.deepEqual(errorOf(await fip({ dns_name: 'www' })), [400, 'BadRequest']);
    assert.deepEqual(errorOf(await fip({ dns_domain: 'example.com.' })), [400, 'BadRequest']);
    assert.deepEqual(errorOf(await fip({ dns_name: 'www.', dns_domain: 'example.com.' })), BAD);
    const rename = await world.red.ask('PUT', `floatingips/${id}`, { floatingip: { dns_name: 'x' } });
    assert.deepEqual(errorOf(rename), BAD);
  });

  test('a port without a MAC address of its own choice gets a new one', async () => {
    const port = await portOf();
    const { mac_address: mac } = (
      await world.put(world.admin, `ports/${port.id}`, { port: { mac_address: null } })
    ).port;
    assert.match(mac, /^fa:16:3e(:[0-9a-f]{2}){3}$/);
    assert.notEqual(mac, port.mac_address);
    const made = await world.make(world.admin, 'ports', 'port', {
      network_id: inside.networkId,
      mac_address: null,
    });
    assert.match(made.mac_address, /^fa:16:3e(:[0-9a-f]{2}){3}$/);
    const member = await world.red.ask('PUT', `ports/${port.id}`, { port: { mac_address: null } });
    assert.deepEqual(errorOf(member), [403, 'PolicyNotAuthorized']);
  });
});

forEachDialect('names in a deployment without a domain', (databases) => {
  test('of ports are not kept', async () => {
    await using world = await createRoutingWorld(databases);
    const inside = await world.inner(world.red, '10.1.0.0/24');
    const port = await world.make(world.red, 'ports', 'port', {
      network_id: inside.networkId,
      dns_name: 'web',
      dns_domain: 'shop.example.',
    });
    assert.deepEqual([port.dns_name, port.dns_domain], ['', '']);
    const [{ hostname, fqdn }] = port.dns_assignment;
    assert.match(hostname, /^host-10-1-0-\d+$/);
    assert.equal(fqdn, `${hostname}.openstacklocal.`);
    const { port: same } = await world.put(world.red, `ports/${port.id}`, { port: { dns_name: 'web' } });
    assert.deepEqual(same, port);
  });
});
