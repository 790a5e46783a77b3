import { InvalidInput, VlanIdInUse } from '@ovenbird/api';
import type { Transaction } from '../../db/database.ts';
import type { NetworkSegment, SegmentRequest, TypeDriver } from '../../ml2/contract.ts';
import { type IdRange, parsePhysicalRanges } from './id-range.ts';
import { type PhysicalMtuConfig, physicalMtu } from './physical-mtu.ts';
import { type Random, releaseId, reserveFreeId, reserveId } from './segment-pool.ts';

export interface VlanTypeConfig extends PhysicalMtuConfig {
  /** `physnet:first:last`, or `physnet` alone: given ids only. */
  readonly networkVlanRanges: readonly string[];
}

/** VLAN ids of IEEE 802.1Q that may carry a network. */
const VLAN_IDS: IdRange = { min: 1, max: 4094 };

/** `vlan`: a tag on a physical network. Throws SegmentRangeError when a range is malformed. */
export const createVlanTypeDriver = (config: VlanTypeConfig, random: Random): TypeDriver => {
  const ranges = parsePhysicalRanges(config.networkVlanRanges, VLAN_IDS);
  const key = (physicalNetwork: string) => ({ networkType: 'vlan', physicalNetwork });

  const reserveGiven = async (tx: Transaction, physicalNetwork: string, vlanId: number) => {
    if (!(await reserveId(tx, key(physicalNetwork), vlanId))) throw VlanIdInUse({ vlanId, physicalNetwork });
    return { physicalNetwork, segmentationId: vlanId };
  };
  const reserveAny = async (tx: Transaction, physicalNetworks: Iterable<string>) => {
    for (const physicalNetwork of physicalNetworks) {
      const own = ranges.get(physicalNetwork) ?? [];
      const segmentationId = await reserveFreeId(tx, key(physicalNetwork), own, random);
      if (segmentationId !== undefined) return { physicalNetwork, segmentationId };
    }
    return undefined;
  };

  return {
    type: 'vlan',
    physical: true,
    validate({ physicalNetwork, segmentationId }: SegmentRequest) {
      if (!physicalNetwork) {
        if (segmentationId === undefined) return;
        throw InvalidInput({
          message: 'segmentation_id requires physical_network for VLAN provider network',
        });
      }
      if (!ranges.has(physicalNetwork)) {
        throw InvalidInput({
          message: `physical_network '${physicalNetwork}' unknown for VLAN provider network`,
        });
      }
      if (
        segmentationId !== undefined &&
        !(segmentationId >= VLAN_IDS.min && segmentationId <= VLAN_IDS.max)
      ) {
        throw InvalidInput({
          message: `segmentation_id out of range (${VLAN_IDS.min} through ${VLAN_IDS.max})`,
        });
      }
    },
    allocate(tx, { physicalNetwork, segmentationId }) {
      if (physicalNetwork === undefined) return reserveAny(tx, ranges.keys());
      if (segmentationId === undefined) return reserveAny(tx, [physicalNetwork]);
      return reserveGiven(tx, physicalNetwork, segmentationId);
    },
    async release(tx, segment: NetworkSegment) {
      if (segment.physicalNetwork === null || segment.segmentationId === null) return;
      await releaseId(tx, key(segment.physicalNetwork), segment.segmentationId);
    },
    mtu: (physicalNetwork) => physicalMtu(config, physicalNetwork),
  };
};
