import { optional } from '../attribute.ts';
import { defineExtension } from '../define.ts';
import { boolean } from '../validators/boolean.ts';

/** A policy that new networks of its project get. */
export const qosDefault = defineExtension({
  alias: 'qos-default',
  name: 'QoS default policy',
  description: 'Expose the QoS default policy per project',
  updated: '2017-041-06T10:00:00-00:00',
  requires: ['qos'],
  attributes: {
    policy: { is_default: optional(boolean, { put: true, initial: false, filter: true }) },
  },
});
