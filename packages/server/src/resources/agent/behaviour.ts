import { type Agent, AgentNotFound, agent, BadRequest } from '@ovenbird/api';
import { timestamp } from '../../core/clock.ts';
import type { ComputedBehaviour } from '../../engine/contract.ts';

/** A service on a host, as a driver knows it. */
export interface AgentState {
  readonly id: string;
  readonly agentType: string;
  readonly binary: string;
  readonly host: string;
  readonly alive: boolean;
  /** Last sign of life. */
  readonly heartbeat: Date | undefined;
  readonly description: string;
  readonly availabilityZones: readonly string[];
  readonly configurations: { readonly [key: string]: unknown };
}

/** A driver that knows agents. `describe` and `remove` give false when there is no such agent. */
export interface AgentSource {
  list(): Promise<readonly AgentState[]>;
  describe(id: string, description: string): Promise<boolean>;
  remove(id: string): Promise<boolean>;
}

/** Times of agents have a form of their own, which clients read: `YYYY-MM-DD HH:MM:SS`. */
const agentTime = (moment: Date): string => timestamp(moment).slice(0, 19).replace('T', ' ');

/** An agent as the API shows it. */
export const agentOf = (state: AgentState): Agent => {
  const heartbeat = state.heartbeat === undefined ? null : agentTime(state.heartbeat);
  return {
    id: state.id,
    agent_type: state.agentType,
    binary: state.binary,
    topic: 'n/a',
    host: state.host,
    admin_state_up: true,
    alive: state.alive,
    // The Southbound database does not say since when.
    created_at: null,
    started_at: null,
    heartbeat_timestamp: heartbeat,
    configurations: state.configurations,
    description: state.description,
    availability_zone: state.availabilityZones.join(', '),
  };
};

/** Agents, read from what drivers know now. Only the description can be changed; deleting makes the driver forget. */
export const createAgentBehaviour = (
  source: AgentSource,
  routersOn: (agentId: string) => Promise<readonly unknown[]>,
): ComputedBehaviour<typeof agent> => ({
  kind: 'computed',
  definition: agent,
  all: async () => (await source.list()).map(agentOf),
  async update(_context, current, body) {
    if (body.admin_state_up === false)
      throw BadRequest({ resource: 'agent', msg: 'OVN agents cannot be switched off by the API' });
    const { description } = body;
    if (description === undefined) return current;
    if (!(await source.describe(current.id, description ?? ''))) throw AgentNotFound({ id: current.id });
    return { ...current, description: description ?? '' };
  },
  views: { l3_routers: async ({ id }) => ({ routers: await routersOn(id) }) },
  async delete(_context, current) {
    if (!(await source.remove(current.id))) throw AgentNotFound({ id: current.id });
  },
});
