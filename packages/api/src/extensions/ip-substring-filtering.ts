import { defineExtension } from '../define.ts';

/** `fixed_ips=ip_address_substr=…` in port lists. */
export const ipSubstringFiltering = defineExtension({
  alias: 'ip-substring-filtering',
  name: 'IP address substring filtering',
  description: 'Provides IP address substring filtering when listing ports',
  updated: '2017-11-28T09:00:00-00:00',
});
