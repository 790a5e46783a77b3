import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Database } from '../../db/database.ts';
import { forEachDialect } from '../../testing/databases.ts';
import { agentOf } from '../agent/behaviour.ts';
import { createGatewayHosts } from './gateway-hosts.ts';

const agentOn = (id: string) =>
  agentOf({
    id,
    agentType: 'OVN Controller Gateway agent',
    binary: 'ovn-controller',
    host: `host of ${id}`,
    alive: true,
    heartbeat: undefined,
    description: '',
    availabilityZones: [],
    configurations: {},
  });

const addRouter = (database: Database, id: string, schedule: { readonly [chassis: string]: number }) =>
  database.transaction(async ({ query, now }) => {
    await query
      .insertInto('routers')
      .values({
        id,
        project_id: 'p',
        name: id,
        description: '',
        admin_state_up: 1,
        status: 'ACTIVE',
        enable_snat: 1,
        ha: 1,
        enable_default_route_bfd: 0,
        enable_default_route_ecmp: 0,
        availability_zone_hints: '[]',
        flavor_id: null,
        created_at: now,
        updated_at: now,
        revision_number: 1,
      })
      .execute();
    for (const [chassis_name, priority] of Object.entries(schedule))
      await query.insertInto('gateway_schedules').values({ router_id: id, chassis_name, priority }).execute();
  });

forEachDialect('gateway hosts', (databases) => {
  it('are told in order of priority, and by agent; agents that are gone are left out', async () => {
    const database = await databases.open();
    await addRouter(database, 'r1', { a: 1, b: 3, gone: 2 });
    await addRouter(database, 'r2', { b: 1 });
    await addRouter(database, 'r3', {});
    const hosts = createGatewayHosts(database, async () => [agentOn('a'), agentOn('b'), agentOn('c')]);
    assert.deepEqual(
      (await hosts.agentsOf('r1')).map((agent) => [agent.id, agent.ha_chassis_priority]),
      [
        ['b', 3],
        ['a', 1],
      ],
    );
    assert.deepEqual(await hosts.agentsOf('r3'), []);
    const idsOn = async (agent: string) =>
      (await hosts.routersOn(agent)).map((router) => Reflect.get(Object(router), 'id'));
    assert.deepEqual(await idsOn('b'), ['r1', 'r2']);
    assert.deepEqual(await idsOn('c'), []);
  });
});
