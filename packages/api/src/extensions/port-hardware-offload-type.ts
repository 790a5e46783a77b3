import { unspecified } from '../attribute.ts';
import { defineExtension } from '../define.ts';
import { oneOf, orNullWhenStored } from '../validators/values.ts';

/** Ports whose packets a network card switches by itself. */
export const portHardwareOffloadType = defineExtension({
  alias: 'port-hardware-offload-type',
  name: 'Port hardware offload',
  description: 'Expose port hardware offload extension',
  updated: '2023-05-09T10:00:00-00:00',
  attributes: {
    port: {
      hardware_offload_type: unspecified(orNullWhenStored(oneOf(['switchdev'])), {
        put: false,
        policy: true,
      }),
    },
  },
});
