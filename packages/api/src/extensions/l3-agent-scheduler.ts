import { defineExtension } from '../define.ts';

/** Which gateway hosts serve a router, and which routers a gateway host serves. */
export const l3AgentScheduler = defineExtension({
  alias: 'l3_agent_scheduler',
  name: 'L3 Agent Scheduler',
  description: 'Schedule routers among l3 agents',
  updated: '2013-02-07T10:00:00-00:00',
  requires: ['router', 'agent'],
});
