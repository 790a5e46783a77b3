import { InvalidInput } from '@ovenbird/api';
import type { SegmentRequest, TypeDriver } from '../../ml2/contract.ts';

/** `local`: ports of one host only; nothing to choose, nothing to run out of. */
export const createLocalTypeDriver = (): TypeDriver => ({
  type: 'local',
  physical: false,
  validate(request: SegmentRequest) {
    const given = request.physicalNetwork
      ? 'physical_network'
      : request.segmentationId
        ? 'segmentation_id'
        : '';
    if (given !== '') throw InvalidInput({ message: `${given} prohibited for local provider network` });
  },
  allocate: () => Promise.resolve({ physicalNetwork: undefined, segmentationId: undefined }),
  release: () => Promise.resolve(),
  mtu: () => undefined,
});
