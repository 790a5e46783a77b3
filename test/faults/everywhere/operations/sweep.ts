import type { Stage } from './kit.ts';

type Sweep = (one: Stage) => Promise<void>;

const named =
  (collection: string): Sweep =>
  ({ api, name }) =>
    api.clear(collection, `name=${name}`);

const described =
  (collection: string): Sweep =>
  ({ api, name }) =>
    api.clear(collection, `description=${name}`);

const floatingips: Sweep = async ({ api, name }) => {
  for (const { id } of await api.list('floatingips', `description=${name}`))
    await api.clear(`floatingips/${id}/port_forwardings`, '');
  await api.clear('floatingips', `description=${name}`);
};

const routers: Sweep = async ({ api, name }) => {
  for (const { id } of await api.list('routers', `name=${name}`)) {
    await api.put(`routers/${id}`, { router: { routes: [] } });
    for (const port of await api.list('ports', `device_id=${id}&device_owner=network:router_interface`))
      await api.put(`routers/${id}/remove_router_interface`, { port_id: port.id });
  }
  await api.clear('routers', `name=${name}`);
};

const networks: Sweep = async ({ api, ground, name }) => {
  for (const { id } of await api.list('subnets', `name=${name}`))
    await api.ask('PUT', `routers/${ground.router}/remove_router_interface`, { subnet_id: id });
  await api.clear('networks', `name=${name}`);
};

/** What a project got for the asking; the name is the project's. */
const topologies: Sweep = async ({ api, name }) => {
  await api.ask('DELETE', `auto-allocated-topology/${name}`);
};

const rules: Sweep = ({ api, ground, name }) =>
  api.clear('security-group-rules', `security_group_id=${ground.group}&description=${name}`);

/** Those of a project that bears the name. */
const ofProject =
  (collection: string): Sweep =>
  ({ api, name }) =>
    api.clear(collection, `project_id=${name}`);

/** By what is made, in an order in which it can be removed. */
const sweeps = {
  logs: named('log/logs'),
  floatingips,
  trunks: named('trunks'),
  topologies,
  routers,
  ports: named('ports'),
  rbacPolicies: ({ api, name }) => api.clear('rbac-policies', `target_tenant=${name}`),
  networks,
  subnets: named('subnets'),
  subnetpools: named('subnetpools'),
  rules,
  templates: described('default-security-group-rules'),
  groups: named('security-groups'),
  groupsOfProject: ofProject('security-groups'),
  addressGroups: named('address-groups'),
  policies: named('qos/policies'),
  ranges: named('network-segment-ranges'),
  quotas: async ({ api, name }) => void (await api.ask('DELETE', `quotas/${name}`)),
} as const satisfies { readonly [kind: string]: Sweep };

export type Kind = keyof typeof sweeps;

/** Remove what a case made of these kinds. */
export const sweep = async (one: Stage, kinds: readonly Kind[]): Promise<void> => {
  for (const [kind, work] of Object.entries(sweeps)) if (kinds.some((each) => each === kind)) await work(one);
};
