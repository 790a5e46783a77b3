import { FlatNetworkInUse, InvalidInput } from '@ovenbird/api';
import type { NetworkSegment, SegmentRequest, TypeDriver } from '../../ml2/contract.ts';
import { type PhysicalMtuConfig, physicalMtu } from './physical-mtu.ts';
import { releaseId, reserveId } from './segment-pool.ts';

export interface FlatTypeConfig extends PhysicalMtuConfig {
  /** Physical networks that may carry a flat network; `*` among them: any. Empty: none. */
  readonly flatNetworks: readonly string[];
}

/** A flat network has no id; its row stands for the whole physical network. */
const NO_ID = 0;

/** `flat`: untagged, one network a physical network, never chosen by itself. */
export const createFlatTypeDriver = (config: FlatTypeConfig): TypeDriver => {
  const any = config.flatNetworks.includes('*');
  const allowed = new Set(config.flatNetworks);
  const key = (physicalNetwork: string) => ({ networkType: 'flat', physicalNetwork });
  return {
    type: 'flat',
    physical: true,
    validate(request: SegmentRequest) {
      if (!request.physicalNetwork) {
        throw InvalidInput({ message: 'physical_network required for flat provider network' });
      }
      if (allowed.size === 0) throw InvalidInput({ message: 'Flat provider networks are disabled' });
      if (!any && !allowed.has(request.physicalNetwork)) {
        throw InvalidInput({
          message: `physical_network '${request.physicalNetwork}' unknown for flat provider network`,
        });
      }
      if (request.segmentationId) {
        throw InvalidInput({ message: 'segmentation_id prohibited for flat provider network' });
      }
    },
    async allocate(tx, request) {
      if (request.physicalNetwork === undefined) return undefined;
      if (!(await reserveId(tx, key(request.physicalNetwork), NO_ID))) {
        throw FlatNetworkInUse({ physicalNetwork: request.physicalNetwork });
      }
      return { physicalNetwork: request.physicalNetwork, segmentationId: undefined };
    },
    async release(tx, segment: NetworkSegment) {
      if (segment.physicalNetwork !== null) await releaseId(tx, key(segment.physicalNetwork), NO_ID);
    },
    mtu: (physicalNetwork) => physicalMtu(config, physicalNetwork),
  };
};
