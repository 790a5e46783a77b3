import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { ApiAnswer } from '../testing/api-service.ts';
import { forEachDialect } from '../testing/databases.ts';
import { createRoutingWorld, type RoutingWorld } from '../testing/routing-world.ts';

const ROUNDS = 5;

forEachDialect('routing at once', (databases) => {
  let world: RoutingWorld;
  before(async () => {
    world = await createRoutingWorld(databases, {
      quotas: { limits: { router: -1, floatingip: -1, network: -1, subnet: -1 } },
    });
  });
  after(() => world[Symbol.asyncDispose]());

  const routerOf = async (body: object = {}): Promise<string> =>
    `routers/${(await world.make(world.red, 'routers', 'router', body)).id}`;
  const outward = () => routerOf({ external_gateway_info: { network_id: world.external.id } });
  const ask = (path: string, body: object) => world.red.ask('PUT', path, body);
  const interfaces = async (router: string) =>
    (await world.get(world.red, `ports?device_id=${router.slice('routers/'.length)}`)).ports;
  /** One answer is a success, the others are refused with one of these statuses. */
  const oneOf = (answers: readonly ApiAnswer[], refusals: readonly number[]) => {
    const statuses = answers.map(({ status }) => status);
    const won = statuses.filter((status) => status < 300);
    assert.equal(won.length, 1, statuses.join());
    const lost = statuses.filter((status) => status >= 300);
    assert.ok(
      lost.every((status) => refusals.includes(status)),
      statuses.join(),
    );
  };

  test('of overlapping subnets one is attached', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const router = await routerOf();
      const subnets = await Promise.all(
        [16, 20, 24].map((length) => world.inner(world.red, `10.${100 + round}.0.0/${length}`)),
      );
      const answers = await Promise.all(
        subnets.map(({ subnetId }) => ask(`${router}/add_router_interface`, { subnet_id: subnetId })),
      );
      oneOf(answers, [400]);
      assert.equal((await interfaces(router)).length, 1);
    }
  });

  test('one of several routers gets the gateway address of a subnet', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const { subnetId } = await world.inner(world.red, `10.${110 + round}.0.0/24`);
      const routers = await Promise.all([routerOf(), routerOf(), routerOf()]);
      const answers = await Promise.all(
        routers.map((router) => ask(`${router}/add_router_interface`, { subnet_id: subnetId })),
      );
      oneOf(answers, [409]);
    }
  });

  test('a fixed address gets one floating IP, and its interface stays', async () => {
    const { networkId, subnetId } = await world.inner(world.red, '10.120.0.0/24');
    const router = await outward();
    const body = { floating_network_id: world.external.id };
    for (let round = 0; round < ROUNDS; round += 1) {
      assert.equal((await ask(`${router}/add_router_interface`, { subnet_id: subnetId })).status, 200);
      const port = await world.make(world.red, 'ports', 'port', { network_id: networkId });
      const fips = await Promise.all(
        [1, 2, 3].map(() => world.make(world.red, 'floatingips', 'floatingip', body)),
      );
      const associated = await Promise.all(
        fips.map(({ id }) => ask(`floatingips/${id}`, { floatingip: { port_id: port.id } })),
      );
      oneOf(associated, [409]);
      for (const { id } of fips) await ask(`floatingips/${id}`, { floatingip: { port_id: null } });
      const [fip] = fips;
      const [association, removal] = await Promise.all([
        ask(`floatingips/${fip.id}`, { floatingip: { port_id: port.id } }),
        ask(`${router}/remove_router_interface`, { subnet_id: subnetId }),
      ]);
      oneOf([association, removal], [404, 409]);
      for (const { id } of fips) await world.red.ask('DELETE', `floatingips/${id}`);
      await ask(`${router}/remove_router_interface`, { subnet_id: subnetId });
    }
  });

  test('a gateway does not go while a floating IP comes', async () => {
    const { networkId, subnetId } = await world.inner(world.red, '10.130.0.0/24');
    for (let round = 0; round < ROUNDS; round += 1) {
      const router = await outward();
      assert.equal((await ask(`${router}/add_router_interface`, { subnet_id: subnetId })).status, 200);
      const port = await world.make(world.red, 'ports', 'port', { network_id: networkId });
      const body = { floating_network_id: world.external.id, port_id: port.id };
      const [made, cleared] = await Promise.all([
        world.red.ask('POST', 'floatingips', { floatingip: body }),
        ask(router, { router: { external_gateway_info: null } }),
      ]);
      oneOf([made, cleared], [404, 409]);
      if (made.status === 201) await world.red.ask('DELETE', `floatingips/${made.body.floatingip.id}`);
      assert.equal((await ask(`${router}/remove_router_interface`, { subnet_id: subnetId })).status, 200);
      assert.equal((await world.red.ask('DELETE', router)).status, 204);
    }
  });
});
