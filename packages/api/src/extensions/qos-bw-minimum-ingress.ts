import { defineExtension } from '../define.ts';

/** Promises for either direction. */
export const qosBwMinimumIngress = defineExtension({
  alias: 'qos-bw-minimum-ingress',
  name: 'Ingress direction for QoS minimum bandwidth rule',
  description: 'Allow to configure QoS minumum bandwidth rule with ingress direction.',
  updated: '2018-07-09T10:00:00-00:00',
  requires: ['qos'],
});
