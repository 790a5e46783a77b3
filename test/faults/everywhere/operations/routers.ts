import { makeSubnet, type Operation, operation, type Stage } from './kit.ts';

const gatewayOf = (network_id: string) => ({ external_gateway_info: { network_id } });

const makeRouter = ({ api, name }: Stage, more: object = {}): Promise<string> =>
  api.make('routers', 'router', { name, ...more });

/** Whether the router has gateways to these networks, each with a port of its own. */
const leadsTo = async ({ api }: Stage, router: string, networks: readonly string[]): Promise<boolean> => {
  const external_gateways = networks.map((network_id) => ({ network_id }));
  const query = `device_id=${router}&device_owner=network:router_gateway`;
  return (
    (await api.is(`routers/${router}`, 'router', { external_gateways })) &&
    (await api.count('ports', query)) === networks.length
  );
};

/** Change the gateways of a router of the case's own by one of the actions. */
const gatewayOperation = (
  verb: 'add' | 'update' | 'remove',
  given: (one: Stage) => {
    readonly before: readonly string[];
    readonly sent: readonly string[];
    readonly after: readonly string[];
  },
): Operation =>
  operation(`${verb} gateways of a router`, ['routers'], async (one) => {
    const { before, sent, after } = given(one);
    const router = await makeRouter(one);
    const body = (networks: readonly string[]) => ({
      router: { external_gateways: networks.map((network_id) => ({ network_id })) },
    });
    if (before.length > 0) await one.api.put(`routers/${router}/add_external_gateways`, body(before));
    return {
      ask: () => one.api.ask('PUT', `routers/${router}/${verb}_external_gateways`, body(sent)),
      done: () => leadsTo(one, router, after),
    };
  });

const interfaces = async (one: Stage, network: string): Promise<number> =>
  one.api.count('ports', `network_id=${network}&device_id=${one.ground.router}`);

export const interfaceOperations: readonly Operation[] = [
  operation('add an interface to a router', ['networks'], async (one) => {
    const { network, subnet } = await makeSubnet(one);
    const place = `routers/${one.ground.router}/add_router_interface`;
    return {
      ask: () => one.api.ask('PUT', place, { subnet_id: subnet }),
      done: async () => (await interfaces(one, network)) === 1,
    };
  }),
  operation('remove an interface from a router', ['networks'], async (one) => {
    const { network, subnet } = await makeSubnet(one);
    await one.api.put(`routers/${one.ground.router}/add_router_interface`, { subnet_id: subnet });
    const place = `routers/${one.ground.router}/remove_router_interface`;
    return {
      ask: () => one.api.ask('PUT', place, { subnet_id: subnet }),
      done: async () => (await interfaces(one, network)) === 0,
    };
  }),
];

const route = { destination: '198.51.100.0/24', nexthop: '10.2.0.1' };

export const routerOperations: readonly Operation[] = [
  operation('create a router with a gateway', ['routers'], async (one) => {
    const { api, ground, name } = one;
    return {
      ask: () => api.ask('POST', 'routers', { router: { name, ...gatewayOf(ground.outside) } }),
      async done() {
        const [made] = await api.list('routers', `name=${name}`);
        return made !== undefined && leadsTo(one, made.id, [ground.outside]);
      },
    };
  }),
  operation('set the gateway of a router', ['routers'], async (one) => {
    const router = await makeRouter(one);
    return {
      ask: () => one.api.ask('PUT', `routers/${router}`, { router: gatewayOf(one.ground.outside) }),
      done: () => leadsTo(one, router, [one.ground.outside]),
    };
  }),
  operation('move the gateway of a router', ['routers'], async (one) => {
    const router = await makeRouter(one, gatewayOf(one.ground.outside));
    return {
      ask: () => one.api.ask('PUT', `routers/${router}`, { router: gatewayOf(one.ground.beyond) }),
      done: () => leadsTo(one, router, [one.ground.beyond]),
    };
  }),
  operation('clear the gateway of a router', ['routers'], async (one) => {
    const router = await makeRouter(one, gatewayOf(one.ground.outside));
    return {
      ask: () => one.api.ask('PUT', `routers/${router}`, { router: { external_gateway_info: null } }),
      done: () => leadsTo(one, router, []),
    };
  }),
  gatewayOperation('add', ({ ground: { outside, beyond } }) => ({
    before: [],
    sent: [outside, beyond],
    after: [outside, beyond],
  })),
  gatewayOperation('update', ({ ground: { outside, beyond } }) => ({
    before: [outside, beyond],
    sent: [beyond],
    after: [beyond],
  })),
  gatewayOperation('remove', ({ ground: { outside, beyond } }) => ({
    before: [outside, beyond],
    sent: [outside],
    after: [beyond],
  })),
  operation('delete a router', ['routers'], async (one) => {
    const router = await makeRouter(one, gatewayOf(one.ground.outside));
    return {
      ask: () => one.api.ask('DELETE', `routers/${router}`),
      done: async () =>
        (await one.api.gone(`routers/${router}`)) &&
        (await one.api.count('ports', `device_id=${router}`)) === 0,
    };
  }),
  operation('add a route to a router', ['routers'], async (one) => {
    const router = await makeRouter(one, gatewayOf(one.ground.outside));
    return {
      ask: () => one.api.ask('PUT', `routers/${router}/add_extraroutes`, { router: { routes: [route] } }),
      done: () => one.api.is(`routers/${router}`, 'router', { routes: [route] }),
    };
  }),
];
