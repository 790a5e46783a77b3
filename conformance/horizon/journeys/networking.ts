import { port, trunk } from '@ovenbird/api';
import { tryOn, type Visit } from '../visit.ts';
import { clearUp, type To } from './clear-up.ts';

/** What the page of trunks is told. */
const trunksTold = `return fetch('/api/neutron/trunks/', { headers: { 'x-requested-with': 'XMLHttpRequest' } })
  .then((answer) => answer.text());`;

/** Of the port `gate`. */
const trunks = async ({ clouds, pages, browser }: Visit, to: To): Promise<void> => {
  await to('a trunk that another client made is told to the page of trunks', async () => {
    const login = { user: 'rosa', password: clouds.password, project: 'red', roles: ['member'] };
    const rosa = await clouds.stack.login(login);
    const [gate] = await rosa.list(port, { name: 'gate' });
    const made = await rosa.create(trunk, { name: 'branch', port_id: gate?.id });
    await pages.visit('/project/trunks/');
    // Horizon 23 shows none, whatever it is told.
    const told = String(await browser.run(trunksTold));
    if (!told.includes('branch')) throw new Error(told);
    await rosa.remove(trunk, made.id);
  });
};

/** The main job of a tenant: networks, routers, security groups, floating IPs. Needs the external network `outside`. */
export const networking = async (visit: Visit): Promise<void> => {
  const { pages, clouds } = visit;
  const to = (name: string, work: () => Promise<void>): Promise<void> => tryOn(visit, `rosa: ${name}`, work);
  await to('login', () => pages.login('rosa', clouds.password));
  await to('a network with a subnet', async () => {
    await pages.visit('/project/networks/');
    await pages.click('#networks__action_create');
    await pages.submit({
      net_name: 'meadow',
      subnet_name: 'meadow-4',
      cidr: '10.70.0.0/24',
      allocation_pools: '10.70.0.10,10.70.0.99',
      dns_nameservers: '192.0.2.53',
    });
    await pages.visit('/project/networks/');
    await pages.expectText('10.70.0.0/24');
  });
  await to('another subnet, and a port', async () => {
    await pages.choose('meadow', 'subnet');
    await pages.submit({
      subnet_name: 'meadow-6',
      cidr: '2001:db8:70::/64',
      ip_version: 'IPv6',
      ipv6_modes: 'slaac/slaac',
    });
    await pages.visit('/project/networks/');
    await pages.click('tbody tr a', 'meadow');
    await pages.click('a[href*="ports_tab"]');
    await pages.click('#ports__action_create');
    await pages.submit({ name: 'gate', specify_ip: 'fixed_ip', fixed_ip: '10.70.0.50' });
    await pages.expectText('gate');
  });
  await to('a security group with a rule', async () => {
    await pages.visit('/project/security_groups/');
    await pages.click('#security_groups__action_create');
    await pages.submit({ name: 'hedge', description: 'lets little in' });
    await pages.expectText('Manage Security Group Rules: hedge');
    await pages.click('#rules__action_add_rule');
    await pages.submit({ rule_menu: 'tcp', port: '443', cidr: '198.51.100.0/24' });
    await pages.expectText('198.51.100.0/24');
    await pages.agree('198.51.100.0/24', 'delete');
    await pages.expectText('198.51.100.0/24', false);
  });
  await to('a router with a gateway and an interface', async () => {
    await pages.visit('/project/routers/');
    await pages.click('#routers__action_create');
    await pages.submit({ name: 'bridge', external_network: 'outside' });
    await pages.expectText('bridge');
    await pages.click('tbody tr a', 'bridge');
    await pages.click('a[href*="interfaces"]');
    await pages.click('#interfaces__action_create');
    await pages.submit({ subnet_id: 'meadow-4' });
    await pages.expectText('10.70.0.1');
  });
  await to('a floating IP', async () => {
    await pages.visit('/project/floating_ips/');
    await pages.click('#floating_ips__action_allocate');
    await pages.submit({ pool: 'outside', description: 'for the gate' });
    await pages.expectText('203.0.113.');
  });
  await to('the topology shows all of it', async () => {
    await pages.visit('/project/network_topology/');
    const body =
      "return fetch('/project/network_topology/json').then((answer) => answer.json()).then((all) => JSON.stringify(all));";
    const shown = String(await visit.browser.run(body));
    for (const name of ['meadow', 'outside', 'bridge', 'gate', '10.70.0.0/24'])
      if (!shown.includes(name)) throw new Error(`no ${name} in ${shown}`);
    await pages.expectText('meadow');
  });
  await trunks(visit, to);
  await clearUp(visit, to);
  await to('logout', () => pages.logout());
};
