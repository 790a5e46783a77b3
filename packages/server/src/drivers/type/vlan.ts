import { InvalidInput, VlanIdInUse } from '@ovenbird/api';
import type { Transaction } from '../../db/database.ts';
import type { IdRange, NetworkSegment, SegmentRequest, TypeDriver } from '../../ml2/contract.ts';
import { parsePhysicalRanges } from './id-range.ts';
import { type PhysicalMtuConfig, physicalMtu } from './physical-mtu.ts';
import { type Random, releaseId, reserveId } from './segment-pool.ts';
import { hasRanges, reserveForProject } from './segment-ranges.ts';

export interface VlanTypeConfig extends PhysicalMtuConfig {
  /** `physnet:first:last`, or `physnet` alone: given ids only. */
  readonly networkVlanRanges: readonly string[];
}

/** VLAN ids of IEEE 802.1Q that may carry a network. */
const VLAN_IDS: IdRange = { min: 1, max: 4094 };

/** `vlan`: a tag on a physical network. Throws SegmentRangeError when a range is malformed. */
export const createVlanTypeDriver = (config: VlanTypeConfig, random: Random): TypeDriver => {
  const configured = parsePhysicalRanges(config.networkVlanRanges, VLAN_IDS);
  const key = (physicalNetwork: string) => ({ networkType: 'vlan', physicalNetwork });

  const reserveGiven = async (tx: Transaction, physicalNetwork: string, vlanId: number) => {
    if (!(await reserveId(tx, key(physicalNetwork), vlanId))) throw VlanIdInUse({ vlanId, physicalNetwork });
    return { physicalNetwork, segmentationId: vlanId };
  };
  const requireKnown = async (tx: Transaction, physicalNetwork: string): Promise<void> => {
    if (configured.has(physicalNetwork) || (await hasRanges(tx, 'vlan', physicalNetwork))) return;
    throw InvalidInput({
      message: `physical_network '${physicalNetwork}' unknown for VLAN provider network`,
    });
  };

  return {
    type: 'vlan',
    physical: true,
    pool: { bounds: VLAN_IDS, configured },
    validate({ physicalNetwork, segmentationId }: SegmentRequest) {
      if (!physicalNetwork) {
        if (segmentationId === undefined) return;
        throw InvalidInput({
          message: 'segmentation_id requires physical_network for VLAN provider network',
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
    async allocate(tx, { physicalNetwork, segmentationId, projectId }) {
      if (physicalNetwork !== undefined) await requireKnown(tx, physicalNetwork);
      if (physicalNetwork !== undefined && segmentationId !== undefined)
        return reserveGiven(tx, physicalNetwork, segmentationId);
      return reserveForProject(tx, { networkType: 'vlan', configured, physicalNetwork, projectId }, random);
    },
    async release(tx, segment: NetworkSegment) {
      if (segment.physicalNetwork === null || segment.segmentationId === null) return;
      await releaseId(tx, key(segment.physicalNetwork), segment.segmentationId);
    },
    mtu: (physicalNetwork) => physicalMtu(config, physicalNetwork),
  };
};
