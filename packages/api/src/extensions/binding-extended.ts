import { defineExtension } from '../define.ts';

/** Several bindings of one port, for live migration: `/ports/{id}/bindings`. */
export const bindingExtended = defineExtension({
  alias: 'binding-extended',
  name: 'Port Bindings Extended',
  description: 'Expose port bindings of a virtual port to external application',
  updated: '2017-07-17T10:00:00-00:00',
  requires: ['binding'],
});
