import { readOnly } from '../attribute.ts';
import { defineExtension } from '../define.ts';
import { refused, type ValueType } from '../value-type.ts';

/** A port forwarding as its floating IP shows it; single ports are left out where there is a range. */
export interface ExposedPortForwarding {
  readonly id: string;
  readonly protocol: string;
  readonly internal_ip_address: string;
  readonly internal_port_id: string;
  readonly internal_port?: number;
  readonly external_port?: number;
}

const exposed: ValueType<readonly ExposedPortForwarding[]> = {
  name: 'port forwardings',
  schema: {
    type: 'array',
    items: {
      type: 'object',
      properties: {
        id: { type: 'string', format: 'uuid' },
        protocol: { type: 'string' },
        internal_ip_address: { type: 'string' },
        internal_port_id: { type: 'string', format: 'uuid' },
        internal_port: { type: 'integer' },
        external_port: { type: 'integer' },
      },
    },
  },
  parse: () => refused('port forwardings are made one by one'),
};

/** `port_forwardings` of floating IPs. */
export const exposePortForwardingInFip = defineExtension({
  alias: 'expose-port-forwarding-in-fip',
  name: 'Expose Floating IP port forwardings',
  description: 'Expose port forwarding fields in floating IP response',
  updated: '2018-06-28T16:00:00-00:00',
  requires: ['router', 'floating-ip-port-forwarding'],
  attributes: {
    floatingip: {
      port_forwardings: readOnly(exposed),
    },
  },
});
