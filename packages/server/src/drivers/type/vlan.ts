import { InvalidInput, VlanIdInUse } from '@ovenbird/api';
import type { Transaction } from '../../db/database.ts';
import type { IdRange, SegmentRequest, TypeDriver } from '../../ml2/contract.ts';
import { parsePhysicalRanges } from './id-range.ts';
import { type PhysicalMtuConfig, physicalMtu } from './physical-mtu.ts';
import { type Random, releaseSegment, reserveId } from './segment-pool.ts';
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
  const reserveGiven = async (tx: Transaction, physicalNetwork: string, vlanId: number) => {
    const key = { networkType: 'vlan', physicalNetwork };
    if (!(await reserveId(tx, key, vlanId))) throw VlanIdInUse({ vlanId, physicalNetwork });
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
      if (physicalNetwork !== undefined) {
        await requireKnown(tx, physicalNetwork);
        if (segmentationId !== undefined) return reserveGiven(tx, physicalNetwork, segmentationId);
      }
      return reserveForProject(tx, { networkType: 'vlan', configured, physicalNetwork, projectId }, random);
    },
    release: releaseSegment,
    mtu: (physicalNetwork) => physicalMtu(config, physicalNetwork),
  };
};
