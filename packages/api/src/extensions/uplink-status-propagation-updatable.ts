import { optional } from '../attribute.ts';
import { defineExtension } from '../define.ts';
import { boolean } from '../validators/boolean.ts';

/** The attribute, which may change. */
export const uplinkStatusPropagationUpdatable = defineExtension({
  alias: 'uplink-status-propagation-updatable',
  name: 'Uplink status propagation updatable extension',
  description: 'Provides ability to update the port uplink status.',
  updated: '2024-09-03T18:00:00-00:00',
  requires: ['uplink-status-propagation'],
  attributes: {
    port: { propagate_uplink_status: optional(boolean, { put: true, initial: true }) },
  },
});
