import { type Client, idIn, idsIn } from './client.ts';
import type { Floor } from './report.ts';
import { numbersTo, timeEach } from './samples.ts';
import type { Timed } from './timed.ts';
import { BULK, CLIENTS, createBulk, type Figures, type Subject } from './workload.ts';

/** Routers that exist while routing is measured, each with a gateway. */
const ROUTERS = 1_000;
const PAGE = 1_000;

const router = '/v2.0/routers';

/** An external network with room for a gateway of every router and for floating IPs, and networks for interfaces. */
interface Place {
  readonly external: string;
  readonly routers: Subject;
  readonly networks: readonly string[];
  readonly subnets: readonly string[];
}

const networkWith = async (client: Client, body: object, cidr: string): Promise<string> => {
  const id = idIn(await client.send('POST', '/v2.0/networks', { network: body }), 'network');
  await client.send('POST', '/v2.0/subnets', { subnet: { network_id: id, cidr, ip_version: 4 } });
  return id;
};

const routersWith = (external: string): Subject => ({
  name: 'router',
  path: router,
  collection: 'routers',
  nameOf: (index) => `router-${index}`,
  body: (index) => ({ name: `router-${index}`, external_gateway_info: { network_id: external } }),
});

const subnetsOn = (networks: readonly string[]): Subject => ({
  name: 'subnet',
  path: '/v2.0/subnets',
  collection: 'subnets',
  nameOf: (index) => `inside-${index}`,
  body: (index) => ({
    name: `inside-${index}`,
    network_id: networks[index],
    cidr: `192.168.${index % 256}.0/24`,
    ip_version: 4,
  }),
});

const inside: Subject = {
  name: 'network',
  path: '/v2.0/networks',
  collection: 'networks',
  nameOf: (index) => `inside-${index}`,
  body: (index) => ({ name: `inside-${index}` }),
};

const many = async (client: Client, subject: Subject, count: number): Promise<readonly string[]> => {
  const ids: string[] = [];
  while (ids.length < count) {
    ids.push(...(await createBulk(client, subject, Math.min(BULK, count - ids.length), ids.length)));
  }
  return ids;
};

const preparePlace = async (client: Client, count: number): Promise<Place> => {
  const external = await networkWith(client, { name: 'outside', 'router:external': true }, '172.16.0.0/16');
  const networks = await many(client, inside, count);
  const subnets = await many(client, subnetsOn(networks), count);
  return { external, routers: routersWith(external), networks, subnets };
};

const gatewayOf = (network: string | undefined) => ({
  router: { external_gateway_info: network === undefined ? {} : { network_id: network } },
});

/** Routers, their gateways and interfaces. */
const measureRouters = async (
  client: Client,
  timed: Timed,
  { external, subnets }: Place,
  lists: number,
): Promise<Figures> => {
  const ids: string[] = [];
  const create = await timed(subnets, async () => {
    ids.push(idIn(await client.send('POST', router, { router: { name: 'measured' } }), 'router'));
  });
  const pairs = ids.map((id, index) => ({ id, body: { subnet_id: subnets[index] } }));
  const gateway = await timed(ids, (id) => client.send('PUT', `${router}/${id}`, gatewayOf(external)));
  const add = await timed(pairs, ({ id, body }) =>
    client.send('PUT', `${router}/${id}/add_router_interface`, body),
  );
  const show = await timed(ids, (id) => client.read(`${router}/${id}`));
  const list = await timed(numbersTo(lists), () => client.read(`${router}?limit=${PAGE}`));
  const take = await timed(pairs, ({ id, body }) =>
    client.send('PUT', `${router}/${id}/remove_router_interface`, body),
  );
  const clear = await timed(ids, (id) => client.send('PUT', `${router}/${id}`, gatewayOf(undefined)));
  const remove = await timed(ids, (id) => client.send('DELETE', `${router}/${id}`));
  return {
    'router create': create,
    'gateway set': gateway,
    'interface add': add,
    'router show': show,
    'router list': list,
    'interface remove': take,
    'gateway clear': clear,
    'router delete': remove,
  };
};

/** Floating IPs of ports behind the first router. */
const measureFloatingIps = async (
  client: Client,
  timed: Timed,
  { external, networks, subnets }: Place,
  first: string,
): Promise<Figures> => {
  const path = '/v2.0/floatingips';
  const interfaceBody = { subnet_id: subnets[0] };
  await client.send('PUT', `${router}/${first}/add_router_interface`, interfaceBody);
  const bodies = subnets.map(() => ({ network_id: networks[0] }));
  const ports = idsIn(await client.send('POST', '/v2.0/ports', { ports: bodies }), 'ports');
  const ids: string[] = [];
  const create = await timed(ports, async () => {
    const body = { floatingip: { floating_network_id: external } };
    ids.push(idIn(await client.send('POST', path, body), 'floatingip'));
  });
  const leadTo = (port: string | undefined | null) => ({ floatingip: { port_id: port ?? null } });
  const pairs = ids.map((id, index) => ({ id, port: ports[index] }));
  const associate = await timed(pairs, ({ id, port }) => client.send('PUT', `${path}/${id}`, leadTo(port)));
  const show = await timed(ids, (id) => client.read(`${path}/${id}`));
  const free = await timed(ids, (id) => client.send('PUT', `${path}/${id}`, leadTo(null)));
  const remove = await timed(ids, (id) => client.send('DELETE', `${path}/${id}`));
  await timeEach(ports, CLIENTS, (id) => client.send('DELETE', `/v2.0/ports/${id}`));
  await client.send('PUT', `${router}/${first}/remove_router_interface`, interfaceBody);
  return {
    'floating IP create': create,
    'floating IP associate': associate,
    'floating IP show': show,
    'floating IP disassociate': free,
    'floating IP delete': remove,
  };
};

/** Routing with a thousand routers. `count` of each operation, at most 100. Leaves nothing. */
export const measureRouting = async (
  client: Client,
  timed: Timed,
  count: number,
  lists: number,
): Promise<Figures> => {
  const place = await preparePlace(client, Math.min(count, BULK));
  const started = performance.now();
  const routers = await many(client, place.routers, ROUTERS);
  const filled = (performance.now() - started) / (ROUTERS / BULK);
  const [first = ''] = routers;
  const measured = await measureRouters(client, timed, place, lists);
  const floating = await measureFloatingIps(client, timed, place, first);
  for (const id of routers) await client.send('PUT', `${router}/${id}`, gatewayOf(undefined));
  await timeEach(routers, CLIENTS, (id) => client.send('DELETE', `${router}/${id}`));
  for (const id of [...place.networks, place.external]) await client.send('DELETE', `/v2.0/networks/${id}`);
  const bulk = { p50: filled, p95: filled, throughput: (BULK * 1000) / filled, count: ROUTERS / BULK };
  return { [`router bulk of ${BULK}`]: bulk, ...measured, ...floating };
};

/** What is promised with a thousand routers. */
export const routingFloors = (figures: Figures): readonly Floor[] => {
  const most = (operation: string, limit: number): Floor => ({
    what: `${operation} p50 with 1,000 routers`,
    value: figures[operation]?.p50 ?? Number.NaN,
    limit,
    unit: 'ms',
    sense: 'most',
  });
  return [most('interface add', 20), most('gateway set', 20), most('floating IP associate', 10)];
};
