import { defineExtension } from '../define.ts';

/** Agents can be sorted. */
export const agentSortKey = defineExtension({
  alias: 'agent_sort_key',
  name: 'Agents Sort Key',
  description: 'Enabling the keyword sort_key for sorting in agents.',
  updated: '2013-02-03T10:00:00-00:00',
});
