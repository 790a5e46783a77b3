import { type Agent, presenter, type Router, router } from '@ovenbird/api';
import type { Database } from '../../db/database.ts';
import { eachOf } from '../../db/query/each-of.ts';
import { loadRouters } from './store.ts';

/** An agent with the priority that its host has for a router; the highest carries the gateway while it lives. */
export type GatewayAgent = Agent & { readonly ha_chassis_priority: number };

/** Which hosts carry the gateways of routers. */
export interface GatewayHosts {
  /** Agents of the hosts that may carry a router's gateway, the first choice first. */
  agentsOf(routerId: string): Promise<readonly GatewayAgent[]>;
  /** Routers whose gateway an agent's host may carry, as answers show them to an administrator. */
  routersOn(agentId: string): Promise<readonly unknown[]>;
}

const shown = presenter(router);

const show = (one: Router): unknown => shown(one);

/**
 * Read from the schedule in SQL; the agent of a chassis has the chassis' name as its id.
 *
 * @param agents all agents as they are now
 */
export const createGatewayHosts = (
  database: Pick<Database, 'read'>,
  agents: () => Promise<readonly Agent[]>,
): GatewayHosts => ({
  async agentsOf(routerId) {
    const schedule = await database.read(({ query }) =>
      query
        .selectFrom('gateway_schedules')
        .select(['chassis_name', 'priority'])
        .where('router_id', '=', routerId)
        .orderBy('priority', 'desc')
        .execute(),
    );
    if (schedule.length === 0) return [];
    const byId = new Map((await agents()).map((agent) => [agent.id, agent]));
    return schedule.flatMap(({ chassis_name: id, priority }) => {
      const agent = byId.get(id);
      return agent === undefined ? [] : [{ ...agent, ha_chassis_priority: priority }];
    });
  },
  routersOn: (agentId) =>
    database.read(async (reader) => {
      const rows = await reader.query
        .selectFrom('gateway_schedules')
        .select('router_id')
        .where('chassis_name', 'in', eachOf([agentId]))
        .orderBy('router_id')
        .execute();
      const routers = await loadRouters(
        reader,
        rows.map((row) => row.router_id),
      );
      return routers.map(show);
    }),
});
