import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { plainContext } from '../../policy/matrix.ts';
import { compilePolicy } from '../../policy/policy.ts';
import { type AgentState, createAgentBehaviour } from './behaviour.ts';

const state: AgentState = {
  id: 'host1',
  agentType: 'OVN Controller agent',
  binary: 'ovn-controller',
  host: 'host1',
  alive: true,
  heartbeat: new Date('2024-05-06T07:08:09Z'),
  description: '',
  availabilityZones: ['east', 'west'],
  configurations: {},
};

const listed = async (agent: AgentState) => {
  const source = { list: async () => [agent], describe: async () => false, remove: async () => false };
  const { all } = createAgentBehaviour(source, async () => []);
  const root = compilePolicy({ context_is_admin: '@' }).caller(plainContext({ projectId: 'operations' }));
  const [shown] = await all(root);
  assert.ok(shown);
  return shown;
};

describe('agents', () => {
  test('a heartbeat moves nothing but its own time', async () => {
    const before = await listed(state);
    const after = await listed({ ...state, heartbeat: new Date('2024-05-06 07:09:09') });
    assert.equal(after.heartbeat_timestamp, '2024-05-06 07:09:09');
    assert.deepEqual({ ...after, heartbeat_timestamp: before.heartbeat_timestamp }, before);
  });

  test('several zones are one text, and no heartbeat is none', async () => {
    const shown = await listed({ ...state, heartbeat: undefined });
    assert.deepEqual([shown.availability_zone, shown.heartbeat_timestamp], ['east, west', null]);
  });
});
