import { optional } from '../attribute.ts';
import { defineExtension } from '../define.ts';
import { stringOrNull } from '../validators/string.ts';

/** Ports that need an accelerator, which Nova asks Cyborg for. */
export const portDeviceProfile = defineExtension({
  alias: 'port-device-profile',
  name: 'Port device profile',
  description: 'Expose the port device profile (Cyborg)',
  updated: '2020-12-17T10:00:00-00:00',
  attributes: {
    port: { device_profile: optional(stringOrNull(255), { put: false, initial: null }) },
  },
});
