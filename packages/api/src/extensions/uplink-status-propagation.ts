import { defineExtension } from '../define.ts';

/** Ports that follow the link of the physical card, where the host's driver does that. */
export const uplinkStatusPropagation = defineExtension({
  alias: 'uplink-status-propagation',
  name: 'Uplink status propagation extension',
  description: 'Provides ability to propagate port uplink status.',
  updated: '2018-05-31T18:00:00-00:00',
});
