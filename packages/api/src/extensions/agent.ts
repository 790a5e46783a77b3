import { defineExtension } from '../define.ts';

/** Chassis and their services, shown as agents. */
export const agent = defineExtension({
  alias: 'agent',
  name: 'agent',
  description: 'The agent management extension.',
  updated: '2013-02-03T10:00:00-00:00',
});
