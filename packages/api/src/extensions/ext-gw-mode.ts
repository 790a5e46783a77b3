import { defineExtension } from '../define.ts';

/** `enable_snat` in `external_gateway_info`. */
export const extGwMode = defineExtension({
  alias: 'ext-gw-mode',
  name: 'Neutron L3 Configurable external gateway mode',
  description:
    'Extension of the router abstraction for specifying whether SNAT should occur on the external gateway',
  updated: '2013-03-28T10:00:00-00:00',
  requires: ['router'],
});
