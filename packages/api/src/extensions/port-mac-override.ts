import { defineExtension } from '../define.ts';

/** A physical device that is handed to a machine keeps its MAC address: the binding profile names it. */
export const portMacOverride = defineExtension({
  alias: 'port-mac-override',
  name: 'Neutron Port MAC address override',
  description: 'Allow overriding the MAC address of a direct-physical Port via the active binding profile',
  updated: '2022-03-18T10:00:00-00:00',
  requires: ['binding'],
});
