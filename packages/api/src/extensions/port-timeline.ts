import { defineExtension } from '../define.ts';

/** Our own: when a port passed each stage of its way to a machine. */
export const portTimeline = defineExtension({
  alias: 'ovenbird-port-timeline',
  name: 'Port timeline',
  description: 'When a port was requested, stored, written to OVN, claimed by a host, up, and told of.',
  updated: '2026-11-21T00:00:00-00:00',
});
