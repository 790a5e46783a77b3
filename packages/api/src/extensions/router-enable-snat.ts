import { readOnly } from '../attribute.ts';
import { defineExtension } from '../define.ts';
import { boolean } from '../validators/boolean.ts';

/** `enable_snat` of the router itself, to be read. */
export const routerEnableSnat = defineExtension({
  alias: 'router-enable-snat',
  name: 'Exposes the router "enable_snat" read-only configuration flag',
  description: 'Exposes the router "enable_snat" read-only configuration flag',
  updated: '2025-09-18T18:00:00-00:00',
  requires: ['router'],
  attributes: {
    router: {
      enable_snat: readOnly(boolean, { filter: true, sort: true }),
    },
  },
});
