import { defineExtension } from '../define.ts';

/** What a port needs comes in groups. */
export const portResourceRequestGroups = defineExtension({
  alias: 'port-resource-request-groups',
  name: 'Port Resource Request Groups',
  description:
    'Support requesting multiple groups of resources and traits from the same RP subtree in resource_request',
  updated: '2021-08-02T10:00:00-00:00',
  requires: ['port-resource-request'],
});
