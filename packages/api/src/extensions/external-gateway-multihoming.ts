import { readOnly } from '../attribute.ts';
import { defineExtension } from '../define.ts';
import { externalGateways } from '../validators/external-gateway-info.ts';

/** Several gateways of one router. */
export const externalGatewayMultihoming = defineExtension({
  alias: 'external-gateway-multihoming',
  name: 'Neutron L3 External Gateway Multihoming',
  description: 'Allow multiple external gateway ports per router',
  updated: '2023-01-18T00:00:00-00:00',
  requires: ['router', 'ext-gw-mode'],
  attributes: {
    router: {
      external_gateways: readOnly(externalGateways),
    },
  },
});
