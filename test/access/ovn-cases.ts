import assert from 'node:assert/strict';
import { startOvnServers } from '../../packages/server/src/drivers/mech/ovn/testing/ovn-servers.ts';
import { addChassis, connectAsController } from '../ovn/chassis.ts';
import { eventually } from '../ovn/eventually.ts';
import { type Case, creation } from './cases.ts';
import { router } from './kinds.ts';
import { createWorld, type World } from './world.ts';

/** A world whose service works on OVN databases, in which chassis come at will. */
export interface OvnWorld extends World {
  /** A new agent, known to the service. Its id. */
  agent(): Promise<string>;
}

/** Start it on a database. */
export const createOvnWorld = async (databaseUrl: string): Promise<OvnWorld> => {
  await using started = new AsyncDisposableStack();
  const servers = started.use(await startOvnServers());
  const controller = started.use(await connectAsController(servers));
  const world = started.use(
    await createWorld(databaseUrl, {
      ml2: { mechanismDrivers: ['ovn'] },
      ovn: {
        nbConnection: [servers.northbound.endpoint],
        sbConnection: [servers.southbound.endpoint],
      },
    }),
  );
  await world.listen();
  const running = started.move();
  return {
    ...world,
    async agent() {
      const name = `chassis${world.next()}`;
      await addChassis(controller, { name, hostname: name });
      await eventually(async () => {
        assert.ok(await world.get(`agents/${name}`));
      });
      return name;
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
};

const NOBODYS = { project_id: undefined, tenant_id: undefined };

/** What is there with OVN and its chassis only. */
export const ovnCases = (agent: () => Promise<string>): readonly Case[] => {
  const about = (rules: readonly string[], method: string, end = '', body?: object): Case => ({
    title: rules.join(' + '),
    rules,
    thing: undefined,
    of: 'owner',
    sight: 'get_agent',
    ask: async () => ({
      method,
      path: `agents/${await agent()}${end}`,
      ...(body === undefined ? {} : { body }),
    }),
  });
  const listed = (rule: string, path: string, key: string): Case => ({
    title: `list ${path}`,
    rules: [rule],
    thing: undefined,
    of: 'caller',
    lists: key,
    ask: () => ({ method: 'GET', path }),
  });
  return [
    about(['get_agent'], 'GET'),
    about(['get_agent', 'update_agent'], 'PUT', '', { agent: { description: 'd' } }),
    about(['get_agent', 'delete_agent'], 'DELETE'),
    about(['get_agent', 'get_l3-routers'], 'GET', '/l3-routers'),
    listed('get_agent', 'agents', 'agents'),
    listed('get_service_provider', 'service-providers', 'service_providers'),
    creation(router, ['create_router', 'create_router:flavor_id'], async (world) => {
      const { id: profile } = await world.make('service_profiles', 'service_profile', { driver: 'ovn' });
      const body = { service_type: 'L3_ROUTER_NAT', service_profiles: [profile] };
      return { flavor_id: (await world.make('flavors', 'flavor', body)).id };
    }),
    // What can be logged belongs to no project.
    { ...listed('get_loggable_resource', 'log/loggable-resources', 'loggable_resources'), facts: NOBODYS },
  ];
};
