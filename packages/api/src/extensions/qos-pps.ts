import { defineExtension } from '../define.ts';

/** Limits of packet rates. */
export const qosPps = defineExtension({
  alias: 'qos-pps',
  name: 'QoS Rule Type Packet per Second Extension',
  description: 'Add QoS Rule Type Packet per Second',
  updated: '2021-05-12T10:00:00-00:00',
  requires: ['qos'],
});
