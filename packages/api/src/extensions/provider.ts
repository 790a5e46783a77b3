import { unspecified } from '../attribute.ts';
import { defineExtension } from '../define.ts';
import { networkType, physicalNetwork, segmentationId } from '../validators/segments.ts';
import { orNullWhenStored } from '../validators/values.ts';

const guarded = { put: true, filter: true, policy: true, readPolicy: true } as const;

/** The one segment of a network, as attributes of the network. */
export const provider = defineExtension({
  alias: 'provider',
  name: 'Provider Network',
  description: 'Expose mapping of virtual networks to physical networks',
  updated: '2012-09-07T10:00:00-00:00',
  attributes: {
    network: {
      'provider:network_type': unspecified(orNullWhenStored(networkType), guarded),
      'provider:physical_network': unspecified(orNullWhenStored(physicalNetwork), guarded),
      'provider:segmentation_id': unspecified(orNullWhenStored(segmentationId), guarded),
    },
  },
});
