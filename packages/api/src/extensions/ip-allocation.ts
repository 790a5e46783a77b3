import { readOnly } from '../attribute.ts';
import { defineExtension } from '../define.ts';
import { oneOf } from '../validators/values.ts';

/** When a port gets its addresses: as it is made, when its host is known, or never by itself. */
export const IP_ALLOCATIONS = ['immediate', 'deferred', 'none'] as const;

/** A port tells when it gets its addresses. */
export const ipAllocation = defineExtension({
  alias: 'ip_allocation',
  name: 'IP Allocation',
  description: 'IP allocation extension.',
  updated: '2016-06-10T23:00:00-00:00',
  attributes: { port: { ip_allocation: readOnly(oneOf(IP_ALLOCATIONS), { filter: true, sort: true }) } },
});
