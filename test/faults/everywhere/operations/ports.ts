import { makePort, type Operation, onHost, operation, portBody, type Stage, turn } from './kit.ts';

/** Addresses of a case in the ground's subnet, beyond those that ports get by themselves. */
const addressOf = (one: Stage, second: number): string => {
  const place = turn(one, 10_000);
  return `10.1.${second + Math.floor(place / 250)}.${1 + (place % 250)}`;
};

/** What a driver says of a port on a host, in a transaction of its own. */
const PLUGGED = { 'binding:vif_type': 'ovs' };

export const portOperations: readonly Operation[] = [
  operation('create a port on a host that is not there', ['ports'], async (one) => ({
    ask: () => one.api.ask('POST', 'ports', { port: { ...portBody(one), ...onHost('nowhere') } }),
    done: async () => (await one.api.count('ports', `name=${one.name}`)) === 1,
  })),
  operation('create a port on a host', ['ports'], async (one) => {
    const { api, name } = one;
    return {
      ask: () => api.ask('POST', 'ports', { port: { ...portBody(one), ...onHost('near') } }),
      done: async () => (await api.count('ports', `name=${name}`)) === 1,
      async whole() {
        const [made] = await api.list('ports', `name=${name}`);
        return api.is(`ports/${made?.id}`, 'port', PLUGGED);
      },
    };
  }),
  operation('create three ports at once', ['ports'], async (one) => {
    const ports = [portBody(one), { ...portBody(one), ...onHost('near') }, portBody(one)];
    return {
      ask: () => one.api.ask('POST', 'ports', { ports }),
      done: async () => (await one.api.count('ports', `name=${one.name}`)) === 3,
    };
  }),
  operation('create a port with several addresses, pairs and a policy', ['ports'], async (one) => {
    const { api, ground, name } = one;
    const fixed_ips = [150, 200].map((second) => ({
      subnet_id: ground.subnet,
      ip_address: addressOf(one, second),
    }));
    const given = {
      network_id: ground.network,
      name,
      fixed_ips,
      allowed_address_pairs: [{ ip_address: '10.1.250.1' }, { ip_address: '198.51.100.0/24' }],
      extra_dhcp_opts: [{ opt_name: 'mtu', opt_value: '1400', ip_version: 4 }],
      qos_policy_id: ground.policy,
    };
    return {
      ask: () => api.ask('POST', 'ports', { port: given }),
      async done() {
        const [made] = await api.list('ports', `name=${name}`);
        return made !== undefined && api.is(`ports/${made.id}`, 'port', given);
      },
    };
  }),
  operation(
    'create the first port of a project',
    ['ports', 'groupsOfProject'],
    async ({ api, ground, name }) => ({
      ask: () => api.ask('POST', 'ports', { port: { network_id: ground.network, name, project_id: name } }),
      async done() {
        const [port] = await api.list('ports', `name=${name}`);
        if (port === undefined) return false;
        const { body } = await api.ask('GET', `ports/${port.id}`);
        const [group] = body.port.security_groups;
        // To list the groups of a project would make its first one.
        return api.is(`security-groups/${group}`, 'security_group', { name: 'default', project_id: name });
      },
    }),
  ),
  operation('change the address and groups of a port', ['ports'], async (one) => {
    const { api, ground } = one;
    const port = await makePort(one);
    const fixed_ips = [{ subnet_id: ground.subnet, ip_address: addressOf(one, 100) }];
    const given = { fixed_ips, security_groups: [] };
    return {
      ask: () => api.ask('PUT', `ports/${port}`, { port: given }),
      done: () => api.is(`ports/${port}`, 'port', given),
    };
  }),
  operation('bind a port to a host', ['ports'], async (one) => {
    const port = await makePort(one);
    return {
      ask: () => one.api.ask('PUT', `ports/${port}`, { port: onHost('near') }),
      done: () => one.api.is(`ports/${port}`, 'port', onHost('near')),
      whole: () => one.api.is(`ports/${port}`, 'port', PLUGGED),
    };
  }),
  operation('delete a port', ['ports'], async (one) => {
    const port = await makePort(one);
    return { ask: () => one.api.ask('DELETE', `ports/${port}`), done: () => one.api.gone(`ports/${port}`) };
  }),
  operation('delete a port on a host that has a floating IP', ['floatingips', 'ports'], async (one) => {
    const { api, ground, name } = one;
    const port_id = await makePort(one, onHost('near'));
    const given = { floating_network_id: ground.outside, description: name, port_id };
    const floatingip = await api.make('floatingips', 'floatingip', given);
    const free = { port_id: null, fixed_ip_address: null, router_id: null };
    return {
      ask: () => api.ask('DELETE', `ports/${port_id}`),
      done: async () =>
        (await api.gone(`ports/${port_id}`)) &&
        (await api.is(`floatingips/${floatingip}`, 'floatingip', free)),
    };
  }),
];
