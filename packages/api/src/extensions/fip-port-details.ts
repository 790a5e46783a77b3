import { readOnly } from '../attribute.ts';
import { defineExtension } from '../define.ts';
import { refused, type ValueType } from '../value-type.ts';

/** The port that a floating IP leads to, in short. */
export interface PortDetails {
  readonly name: string;
  readonly network_id: string;
  readonly mac_address: string;
  readonly admin_state_up: boolean;
  readonly status: string;
  readonly device_id: string;
  readonly device_owner: string;
}

const portDetails: ValueType<PortDetails | null> = {
  name: 'port details',
  schema: {
    type: ['object', 'null'],
    properties: {
      name: { type: 'string' },
      network_id: { type: 'string', format: 'uuid' },
      mac_address: { type: 'string' },
      admin_state_up: { type: 'boolean' },
      status: { type: 'string' },
      device_id: { type: 'string' },
      device_owner: { type: 'string' },
    },
  },
  parse: () => refused('port details follow from the port'),
};

/** `port_details` of floating IPs. */
export const fipPortDetails = defineExtension({
  alias: 'fip-port-details',
  name: 'Floating IP Port Details Extension',
  description: 'Add port_details attribute to Floating IP resource',
  updated: '2018-04-09T10:00:00-00:00',
  requires: ['router'],
  attributes: {
    floatingip: {
      port_details: readOnly(portDetails),
    },
  },
});
