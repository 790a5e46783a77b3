import { updateOnly } from '../attribute.ts';
import { defineExtension } from '../define.ts';
import { oneOfOrNull } from '../validators/values.ts';

/** What somebody who watches the hardware says of a port. */
export const dataPlaneStatus = defineExtension({
  alias: 'data-plane-status',
  name: 'Port data plane status extension',
  description: 'Expose status of underlying data plane',
  updated: '2017-01-24T10:00:00-00:00',
  attributes: {
    port: { data_plane_status: updateOnly(oneOfOrNull(['ACTIVE', 'DOWN']), { policy: true }) },
  },
});
