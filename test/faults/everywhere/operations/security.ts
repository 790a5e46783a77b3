import { type Operation, operation, type Stage, turn } from './kit.ts';

const ruleOf = (one: Stage, more: object = {}) => {
  const port = 1 + turn(one, 60_000);
  return {
    security_group_id: one.ground.group,
    direction: 'ingress',
    protocol: 'tcp',
    port_range_min: port,
    port_range_max: port,
    description: one.name,
    ...more,
  };
};

const rulesOf = (one: Stage): Promise<number> =>
  one.api.count('security-group-rules', `security_group_id=${one.ground.group}&description=${one.name}`);

const makeGroup = ({ api, name }: Stage): Promise<string> =>
  api.make('security-groups', 'security_group', { name });

const makeAddresses = ({ api, name }: Stage): Promise<string> =>
  api.make('address-groups', 'address_group', { name, addresses: ['192.0.2.0/25'] });

const TEMPLATES = 'default-security-group-rules';
const template = (one: Stage) => {
  const port = 1 + turn(one, 60_000);
  const ports = { port_range_min: port, port_range_max: port };
  return { direction: 'ingress', protocol: 'udp', ...ports, description: one.name };
};

export const securityOperations: readonly Operation[] = [
  operation('create a rule of a security group', ['rules'], async (one) => ({
    ask: () => one.api.ask('POST', 'security-group-rules', { security_group_rule: ruleOf(one) }),
    done: async () => (await rulesOf(one)) === 1,
  })),
  operation('create two rules at once', ['rules'], async (one) => {
    const security_group_rules = [ruleOf(one), ruleOf(one, { remote_group_id: one.ground.group })];
    return {
      ask: () => one.api.ask('POST', 'security-group-rules', { security_group_rules }),
      done: async () => (await rulesOf(one)) === 2,
    };
  }),
  operation('delete a rule', ['rules'], async (one) => {
    const id = await one.api.make('security-group-rules', 'security_group_rule', ruleOf(one));
    return {
      ask: () => one.api.ask('DELETE', `security-group-rules/${id}`),
      done: async () => (await rulesOf(one)) === 0,
    };
  }),
  operation('create a security group', ['groups'], async (one) => {
    const { api, name } = one;
    return {
      ask: () => api.ask('POST', 'security-groups', { security_group: { name, stateful: false } }),
      async done() {
        const [made] = await api.list('security-groups', `name=${name}`);
        const query = `security_group_id=${made?.id}`;
        return made !== undefined && (await api.count('security-group-rules', query)) === 2;
      },
    };
  }),
  operation('delete a security group', ['rules', 'groups'], async (one) => {
    const group = await makeGroup(one);
    // A rule of another group goes with it.
    await one.api.make(
      'security-group-rules',
      'security_group_rule',
      ruleOf(one, { remote_group_id: group }),
    );
    return {
      ask: () => one.api.ask('DELETE', `security-groups/${group}`),
      done: async () => (await one.api.gone(`security-groups/${group}`)) && (await rulesOf(one)) === 0,
    };
  }),
  operation('create a template of rules', ['templates'], async (one) => ({
    ask: () => one.api.ask('POST', TEMPLATES, { default_security_group_rule: template(one) }),
    done: async () => (await one.api.count(TEMPLATES, `description=${one.name}`)) === 1,
  })),
  operation('delete a template of rules', ['templates'], async (one) => {
    const id = await one.api.make(TEMPLATES, 'default_security_group_rule', template(one));
    return {
      ask: () => one.api.ask('DELETE', `${TEMPLATES}/${id}`),
      done: () => one.api.gone(`${TEMPLATES}/${id}`),
    };
  }),
];

export const addressGroupOperations: readonly Operation[] = [
  operation('create an address group', ['addressGroups'], async ({ api, name }) => {
    const given = { name, addresses: ['192.0.2.0/25', '2001:db8::/64'] };
    return {
      ask: () => api.ask('POST', 'address-groups', { address_group: given }),
      async done() {
        const [made] = await api.list('address-groups', `name=${name}`);
        return made !== undefined && api.is(`address-groups/${made.id}`, 'address_group', given);
      },
    };
  }),
  operation('add addresses to an address group', ['rules', 'addressGroups'], async (one) => {
    const place = `address-groups/${await makeAddresses(one)}`;
    const remote = { remote_address_group_id: place.split('/')[1] };
    await one.api.make('security-group-rules', 'security_group_rule', ruleOf(one, remote));
    const more = ['198.51.100.0/24', '203.0.113.7/32'];
    return {
      ask: () => one.api.ask('PUT', `${place}/add_addresses`, { addresses: more }),
      done: () => one.api.is(place, 'address_group', { addresses: ['192.0.2.0/25', ...more] }),
    };
  }),
  operation('remove addresses from an address group', ['addressGroups'], async (one) => {
    const place = `address-groups/${await makeAddresses(one)}`;
    return {
      ask: () => one.api.ask('PUT', `${place}/remove_addresses`, { addresses: ['192.0.2.0/25'] }),
      done: () => one.api.is(place, 'address_group', { addresses: [] }),
    };
  }),
  operation('delete an address group', ['addressGroups'], async (one) => {
    const place = `address-groups/${await makeAddresses(one)}`;
    return { ask: () => one.api.ask('DELETE', place), done: () => one.api.gone(place) };
  }),
];
