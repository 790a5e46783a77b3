import { defineExtension } from '../define.ts';

/** Promises of packet rates. */
export const qosPpsMinimum = defineExtension({
  alias: 'qos-pps-minimum',
  name: 'QoS minimum packet rate rule',
  description: 'Allow to configure QoS minimum packet rate rule.',
  updated: '2021-07-14T10:00:00-00:00',
  requires: ['qos'],
});
