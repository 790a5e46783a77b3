import { type Operation, operation } from './kit.ts';

export const topologyOperations: readonly Operation[] = [
  operation('get a topology', ['topologies', 'groupsOfProject'], async ({ api, name }) => ({
    ask: () => api.ask('GET', `auto-allocated-topology/${name}`),
    async done() {
      const [router, network] = [
        await api.list('routers', `project_id=${name}`),
        await api.list('networks', `project_id=${name}`),
      ];
      if (router[0] === undefined || network[0] === undefined || router.length + network.length !== 2)
        return false;
      const ports = await api.count('ports', `device_id=${router[0].id}`);
      return ports === 2 && (await api.count('subnets', `network_id=${network[0].id}`)) === 1;
    },
  })),
  operation('give a topology up', ['topologies', 'groupsOfProject'], async ({ api, name }) => {
    const { status } = await api.ask('GET', `auto-allocated-topology/${name}`);
    if (status !== 200) throw new Error(`topology: ${status}`);
    const left = async () =>
      (await api.count('routers', `project_id=${name}`)) +
      (await api.count('networks', `project_id=${name}`));
    return {
      ask: () => api.ask('DELETE', `auto-allocated-topology/${name}`),
      done: async () => (await left()) === 0,
    };
  }),
];
