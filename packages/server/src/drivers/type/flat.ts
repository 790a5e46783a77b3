import { FlatNetworkInUse, InvalidInput } from '@ovenbird/api';
import type { SegmentRequest, TypeDriver } from '../../ml2/contract.ts';
import { type PhysicalMtuConfig, physicalMtu } from './physical-mtu.ts';
import { NO_ID, releaseSegment, reserveId } from './segment-pool.ts';

export interface FlatTypeConfig extends PhysicalMtuConfig {
  /** Physical networks that may carry a flat network; `*` among them: any. Empty: none. */
  readonly flatNetworks: readonly string[];
}

/** `flat`: untagged, one network a physical network, never chosen by itself. */
export const createFlatTypeDriver = (config: FlatTypeConfig): TypeDriver => {
  const any = config.flatNetworks.includes('*');
  const allowed = new Set(config.flatNetworks);
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
    async allocate(tx, { physicalNetwork }) {
      if (physicalNetwork === undefined) return undefined;
      // A flat network has no id; its row stands for the whole physical network.
      if (!(await reserveId(tx, { networkType: 'flat', physicalNetwork }, NO_ID)))
        throw FlatNetworkInUse({ physicalNetwork });
      return { physicalNetwork, segmentationId: undefined };
    },
    release: releaseSegment,
    mtu: (physicalNetwork) => physicalMtu(config, physicalNetwork),
  };
};
