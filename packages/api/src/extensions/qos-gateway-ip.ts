import { defineExtension } from '../define.ts';

/** Policies about the traffic of gateways: `qos_policy_id` of `external_gateway_info` and of `external_gateways`. */
export const qosGatewayIp = defineExtension({
  alias: 'qos-gateway-ip',
  name: 'Router gateway IP QoS',
  description: 'The Router gateway IP Quality of Service extension',
  updated: '2018-02-24T00:00:00-00:00',
  requires: ['router', 'qos', 'ext-gw-mode'],
});
