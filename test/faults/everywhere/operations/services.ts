import { makePort, type Operation, operation, type Stage, turn } from './kit.ts';

const LIMITS = 'bandwidth_limit_rules';

/** A policy that a port and its network have. */
const makePolicy = async (one: Stage) => {
  const { api, name } = one;
  const policy = await api.make('qos/policies', 'policy', { name });
  const network_id = await api.make('networks', 'network', { name, qos_policy_id: policy });
  await makePort(one, { network_id, qos_policy_id: policy });
  return `qos/policies/${policy}`;
};

export const qosOperations: readonly Operation[] = [
  operation('create a policy', ['policies'], async ({ api, name }) => ({
    ask: () => api.ask('POST', 'qos/policies', { policy: { name, shared: true } }),
    async done() {
      const [made] = await api.list('qos/policies', `name=${name}`);
      return made !== undefined && (await api.count('rbac-policies', `object_id=${made.id}`)) === 1;
    },
  })),
  operation('create a rule of a policy', ['ports', 'networks', 'policies'], async (one) => {
    const policy = await makePolicy(one);
    const rule = { max_kbps: 4000, direction: 'ingress' };
    return {
      ask: () => one.api.ask('POST', `${policy}/${LIMITS}`, { bandwidth_limit_rule: rule }),
      done: () => one.api.is(policy, 'policy', { rules: [rule] }),
    };
  }),
  operation('delete a rule of a policy', ['ports', 'networks', 'policies'], async (one) => {
    const policy = await makePolicy(one);
    const id = await one.api.make(`${policy}/${LIMITS}`, 'bandwidth_limit_rule', { max_kbps: 4000 });
    return {
      ask: () => one.api.ask('DELETE', `${policy}/${LIMITS}/${id}`),
      done: () => one.api.is(policy, 'policy', { rules: [] }),
    };
  }),
];

export const sharingOperations: readonly Operation[] = [
  operation('share a network', ['networks'], async ({ api, name }) => {
    const object_id = await api.make('networks', 'network', { name });
    const rbac_policy = {
      object_type: 'network',
      object_id,
      action: 'access_as_external',
      target_tenant: '*',
    };
    return {
      ask: () => api.ask('POST', 'rbac-policies', { rbac_policy }),
      done: () => api.is(`networks/${object_id}`, 'network', { 'router:external': true }),
    };
  }),
  operation('share a network no more', ['networks'], async ({ api, name }) => {
    const object_id = await api.make('networks', 'network', { name, shared: true });
    const [entry] = await api.list('rbac-policies', `object_id=${object_id}`);
    return {
      ask: () => api.ask('DELETE', `rbac-policies/${entry?.id}`),
      done: () => api.is(`networks/${object_id}`, 'network', { shared: false }),
    };
  }),
  operation('replace tags', ['networks'], async ({ api, name }) => {
    const network = await api.make('networks', 'network', { name });
    await api.put(`networks/${network}/tags`, { tags: ['old', 'kept'] });
    const tags = ['kept', 'new'];
    return {
      ask: () => api.ask('PUT', `networks/${network}/tags`, { tags }),
      done: () => api.is(`networks/${network}`, 'network', { tags }),
    };
  }),
];

const limits = { port: 17, network: 3 };

export const quotaOperations: readonly Operation[] = [
  operation('set the quota of a project', ['quotas'], async ({ api, name }) => ({
    ask: () => api.ask('PUT', `quotas/${name}`, { quota: limits }),
    done: () => api.is(`quotas/${name}`, 'quota', limits),
  })),
  operation('reset the quota of a project', ['quotas'], async ({ api, name }) => {
    await api.put(`quotas/${name}`, { quota: limits });
    return {
      ask: () => api.ask('DELETE', `quotas/${name}`),
      done: () => api.is(`quotas/${name}`, 'quota', { port: -1, network: -1 }),
    };
  }),
];

const logOf = ({ ground, name }: Stage) => ({
  name,
  resource_type: 'security_group',
  resource_id: ground.group,
});

export const logOperations: readonly Operation[] = [
  operation('create a log', ['logs'], async (one) => ({
    ask: () => one.api.ask('POST', 'log/logs', { log: logOf(one) }),
    done: async () => (await one.api.count('log/logs', `name=${one.name}`)) === 1,
  })),
  operation('delete a log', ['logs'], async (one) => {
    const id = await one.api.make('log/logs', 'log', logOf(one));
    return {
      ask: () => one.api.ask('DELETE', `log/logs/${id}`),
      done: () => one.api.gone(`log/logs/${id}`),
    };
  }),
];

const RANGES = 'network-segment-ranges';

const rangeOf = (one: Stage) => {
  const minimum = 200_000 + 10 * turn(one, 10_000);
  return { name: one.name, network_type: 'geneve', minimum, maximum: minimum + 9 };
};

export const rangeOperations: readonly Operation[] = [
  operation('create a segment range', ['ranges'], async (one) => ({
    ask: () => one.api.ask('POST', RANGES, { network_segment_range: rangeOf(one) }),
    done: async () => (await one.api.count(RANGES, `name=${one.name}`)) === 1,
  })),
  operation('change a segment range', ['ranges'], async (one) => {
    const given = rangeOf(one);
    const place = `${RANGES}/${await one.api.make(RANGES, 'network_segment_range', given)}`;
    const changed = { maximum: given.minimum + 4 };
    return {
      ask: () => one.api.ask('PUT', place, { network_segment_range: changed }),
      done: () => one.api.is(place, 'network_segment_range', changed),
    };
  }),
];
