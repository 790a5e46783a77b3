import { cidrOf, makeSubnet, type Operation, operation, turn } from './kit.ts';

const segmentsOf = (tag: number) => [
  {
    'provider:network_type': 'vlan',
    'provider:physical_network': 'physnet1',
    'provider:segmentation_id': tag,
  },
  { 'provider:network_type': 'geneve', 'provider:segmentation_id': 100_000 + tag },
];

/** Tags that no network gets by itself. */
const FIRST_TAG = 1_000;

export const networkOperations: readonly Operation[] = [
  operation('create a network', ['networks'], async ({ api, name }) => ({
    ask: () => api.ask('POST', 'networks', { network: { name } }),
    done: async () => (await api.count('networks', `name=${name}`)) === 1,
  })),
  operation('create a network with several segments', ['networks'], async (one) => {
    const { api, name, ground } = one;
    const segments = segmentsOf(FIRST_TAG + turn(one, 3_000));
    const given = { name, segments, shared: true, qos_policy_id: ground.policy };
    return {
      ask: () => api.ask('POST', 'networks', { network: given }),
      async done() {
        const [made] = await api.list('networks', `name=${name}`);
        if (made === undefined || !(await api.is(`networks/${made.id}`, 'network', given))) return false;
        return (await api.count('rbac-policies', `object_id=${made.id}`)) === 1;
      },
    };
  }),
  operation('change a network', ['networks'], async (one) => {
    const { api, ground } = one;
    const { network } = await makeSubnet(one);
    const given = { mtu: 1300, qos_policy_id: ground.policy, shared: true, port_security_enabled: false };
    return {
      ask: () => api.ask('PUT', `networks/${network}`, { network: given }),
      done: () => api.is(`networks/${network}`, 'network', given),
    };
  }),
  operation('delete a network with its subnet', ['networks'], async (one) => {
    const { api, name } = one;
    const { network } = await makeSubnet(one);
    return {
      ask: () => api.ask('DELETE', `networks/${network}`),
      done: async () =>
        (await api.count('networks', `id=${network}`)) + (await api.count('subnets', `name=${name}`)) === 0,
    };
  }),
  operation('create a segment', ['networks'], async (one) => {
    const { api, name } = one;
    const network_id = await api.make('networks', 'network', { name });
    const segmentation_id = FIRST_TAG + turn(one, 3_000);
    const given = { network_id, network_type: 'vlan', physical_network: 'physnet1', segmentation_id };
    return {
      ask: () => api.ask('POST', 'segments', { segment: given }),
      done: async () => (await api.count('segments', `network_id=${network_id}`)) === 2,
    };
  }),
  operation('delete a segment', ['networks'], async (one) => {
    const { api, name } = one;
    const segments = segmentsOf(FIRST_TAG + turn(one, 3_000));
    const network = await api.make('networks', 'network', { name, segments });
    const [segment] = await api.list('segments', `network_id=${network}&network_type=vlan`);
    return {
      ask: () => api.ask('DELETE', `segments/${segment?.id}`),
      done: async () => (await api.count('segments', `network_id=${network}`)) === 1,
    };
  }),
];

export const subnetOperations: readonly Operation[] = [
  operation('create a subnet', ['subnets'], async (one) => {
    const { api, ground, name } = one;
    const subnet = { network_id: ground.network, ip_version: 4, cidr: cidrOf(one, 172, 16, 16), name };
    return {
      ask: () => api.ask('POST', 'subnets', { subnet }),
      done: async () => (await api.count('subnets', `name=${name}`)) === 1,
    };
  }),
  operation('create two subnets at once', ['networks'], async (one) => {
    const { api, name } = one;
    const network_id = await api.make('networks', 'network', { name });
    const subnets = [
      { network_id, ip_version: 4, cidr: cidrOf(one, 172, 16, 16), name },
      {
        network_id,
        ip_version: 6,
        cidr: 'fd00:1::/64',
        ipv6_ra_mode: 'slaac',
        ipv6_address_mode: 'slaac',
        name,
      },
    ];
    return {
      ask: () => api.ask('POST', 'subnets', { subnets }),
      done: async () => (await api.count('subnets', `name=${name}`)) === 2,
    };
  }),
  operation('change a subnet', ['networks'], async (one) => {
    const { api } = one;
    const { subnet, cidr } = await makeSubnet(one);
    const at = (last: number): string => cidr.replace('.0/24', `.${last}`);
    const given = {
      gateway_ip: at(9),
      allocation_pools: [{ start: at(20), end: at(90) }],
      dns_nameservers: ['192.0.2.53'],
      host_routes: [{ destination: '198.51.100.0/24', nexthop: at(8) }],
    };
    return {
      ask: () => api.ask('PUT', `subnets/${subnet}`, { subnet: given }),
      done: () => api.is(`subnets/${subnet}`, 'subnet', given),
    };
  }),
  operation('switch DHCP of a subnet off', ['networks'], async (one) => {
    const { api } = one;
    const { subnet } = await makeSubnet(one);
    return {
      ask: () => api.ask('PUT', `subnets/${subnet}`, { subnet: { enable_dhcp: false } }),
      done: () => api.is(`subnets/${subnet}`, 'subnet', { enable_dhcp: false }),
    };
  }),
  operation('delete a subnet', ['networks'], async (one) => {
    const { api } = one;
    const { subnet } = await makeSubnet(one);
    return {
      ask: () => api.ask('DELETE', `subnets/${subnet}`),
      done: () => api.gone(`subnets/${subnet}`),
    };
  }),
];
