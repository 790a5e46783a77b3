import { act, attach, change, make, type Scenario, type Step } from '../step.ts';
import { port, twoFamilies } from './ports.ts';

/** An external network with two subnets: `public`, `public4`, `public6`. */
export const outside: readonly Step[] = [
  make('public', 'networks', {
    name: 'public',
    'router:external': true,
    'provider:network_type': 'flat',
    'provider:physical_network': 'public',
  }),
  make('public4', 'subnets', {
    network_id: '{public}',
    ip_version: 4,
    cidr: '198.51.100.0/24',
    enable_dhcp: false,
  }),
  make('public6', 'subnets', {
    network_id: '{public}',
    ip_version: 6,
    cidr: '2001:db8::/64',
    enable_dhcp: false,
  }),
];

const gateway = (address: string) => ({
  network_id: '{public}',
  external_fixed_ips: [{ subnet_id: '{public4}', ip_address: address }],
});

const unset = (router: string): { path: string; body: { router: { external_gateway_info: null } } } => ({
  path: `routers/{${router}}`,
  body: { router: { external_gateway_info: null } },
});

const setGateway = (router: string, address: string): Step =>
  act(`routers/{${router}}`, { router: { external_gateway_info: gateway(address) } }, unset(router));

export const routing: readonly Scenario[] = [
  {
    name: 'routers',
    steps: [
      make('plain', 'routers', { name: 'plain', description: 'd' }),
      make('down', 'routers', { name: 'down', admin_state_up: false }),
      make('members', 'routers', { name: 'members' }, { as: 'demo' }),
      ...twoFamilies(),
      make('slaac', 'subnets', {
        network_id: '{net}',
        ip_version: 6,
        cidr: 'fd00:66::/64',
        ipv6_ra_mode: 'slaac',
        ipv6_address_mode: 'slaac',
        dns_nameservers: ['fd00::53'],
      }),
      attach('plain', { subnet_id: '{v4}' }),
      attach('plain', { subnet_id: '{v6}' }),
      attach('plain', { subnet_id: '{slaac}' }),
      make('second', 'networks', { name: 'second' }),
      make('second4', 'subnets', { network_id: '{second}', ip_version: 4, cidr: '10.16.0.0/24' }),
      make('leg', 'ports', {
        network_id: '{second}',
        mac_address: 'fa:16:3e:00:02:01',
        fixed_ips: [{ subnet_id: '{second4}', ip_address: '10.16.0.9' }],
      }),
      act(
        'routers/{plain}/add_router_interface',
        { port_id: '{leg}' },
        { path: 'routers/{plain}/remove_router_interface', body: { port_id: '{leg}' } },
      ),
      act(
        'routers/{plain}',
        { router: { routes: [{ destination: '10.50.0.0/16', nexthop: '10.16.0.20' }] } },
        { path: 'routers/{plain}', body: { router: { routes: [] } } },
      ),
      change('routers/{plain}', { name: 'renamed' }),
      change('routers/{down}', { admin_state_up: true }),
    ],
  },
  {
    name: 'routers with gateways',
    steps: [
      ...outside,
      ...twoFamilies(),
      make('router', 'routers', { name: 'router' }),
      setGateway('router', '198.51.100.10'),
      attach('router', { subnet_id: '{v4}' }),
      attach('router', { subnet_id: '{v6}' }),
      make('nosnat', 'routers', {
        name: 'nosnat',
        external_gateway_info: { ...gateway('198.51.100.11'), enable_snat: false },
      }),
      make('automatic', 'routers', { name: 'automatic', external_gateway_info: { network_id: '{public}' } }),
      make('inner', 'networks', {
        name: 'inner',
        'provider:network_type': 'vlan',
        'provider:physical_network': 'public',
        'provider:segmentation_id': 180,
      }),
      make('inner4', 'subnets', { network_id: '{inner}', ip_version: 4, cidr: '10.18.0.0/24' }),
      attach('nosnat', { subnet_id: '{inner4}' }),
      setGateway('router', '198.51.100.12'),
    ],
  },
  {
    name: 'floating IPs and port forwarding',
    steps: [
      ...outside,
      ...twoFamilies(),
      port('one', 20),
      port('two', 21),
      port('three', 22),
      make('router', 'routers', { name: 'router' }),
      setGateway('router', '198.51.100.20'),
      attach('router', { subnet_id: '{v4}' }),
      make('free', 'floatingips', {
        floating_network_id: '{public}',
        floating_ip_address: '198.51.100.30',
        description: 'd',
      }),
      make('used', 'floatingips', {
        floating_network_id: '{public}',
        floating_ip_address: '198.51.100.31',
        port_id: '{one}',
      }),
      make('moved', 'floatingips', {
        floating_network_id: '{public}',
        floating_ip_address: '198.51.100.32',
        port_id: '{two}',
      }),
      make('gone', 'floatingips', {
        floating_network_id: '{public}',
        floating_ip_address: '198.51.100.33',
        port_id: '{three}',
      }),
      change('floatingips/{moved}', { port_id: '{three}', fixed_ip_address: '10.6.0.22' }),
      change('floatingips/{gone}', { port_id: null }),
      change('floatingips/{moved}', { port_id: '{two}' }),
      ...(['tcp', 'udp'] as const).map((protocol, index) =>
        make(`forward-${protocol}`, 'floatingips/{free}/port_forwardings', {
          protocol,
          external_port: 2222 + index,
          internal_port: 22,
          internal_ip_address: '10.6.0.22',
          internal_port_id: '{three}',
        }),
      ),
      make('forward-more', 'floatingips/{free}/port_forwardings', {
        protocol: 'tcp',
        external_port: 8080,
        internal_port: 80,
        internal_ip_address: '10.6.0.21',
        internal_port_id: '{two}',
      }),
    ],
  },
];
