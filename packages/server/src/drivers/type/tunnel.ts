import { InvalidInput, TunnelIdInUse } from '@ovenbird/api';
import type { IdRange, SegmentRequest, TypeDriver } from '../../ml2/contract.ts';
import { disjointRanges, parseIdRange } from './id-range.ts';
import { type Random, releaseSegment, reserveId } from './segment-pool.ts';
import { reserveForProject } from './segment-ranges.ts';

/** What all overlays share. MTUs in octets; 0 means that there is no such limit. */
export interface OverlayConfig {
  readonly globalPhysnetMtu: number;
  readonly pathMtu: number;
  readonly overlayIpVersion: 4 | 6;
}

/** What one overlay type is. */
export interface TunnelTraits {
  readonly type: string;
  readonly ids: IdRange;
  /** `first:last`. */
  readonly ranges: readonly string[];
  /** Octets of encapsulation between the outer IP header and the payload of the network. */
  readonly headerSize: number;
}

/** The overlay leaves networks too little to work with; the message says what it needs. */
export class OverlayMtuError extends Error {
  override readonly name = 'OverlayMtuError';
  constructor(type: string, least: number, given: number) {
    super(
      `packets between hosts (ml2.pathMtu, ml2.globalPhysnetMtu): ${type} networks need at least ${least} octets, not ${given}`,
    );
  }
}

const IP_HEADER_SIZE = { 4: 20, 6: 40 } as const;
/** What IPv4 asks of every link (RFC 791), octets. */
const LEAST_MTU = 68;

/**
 * The MTU inside an overlay, octets; undefined: nothing limits it.
 *
 * @throws OverlayMtuError
 */
const mtuInside = ({ type, headerSize }: TunnelTraits, overlay: OverlayConfig): number | undefined => {
  const limits = [overlay.globalPhysnetMtu, overlay.pathMtu].filter((mtu) => mtu > 0);
  if (limits.length === 0) return undefined;
  const outside = Math.min(...limits);
  const headers = IP_HEADER_SIZE[overlay.overlayIpVersion] + headerSize;
  if (outside - headers < LEAST_MTU) throw new OverlayMtuError(type, LEAST_MTU + headers, outside);
  return outside - headers;
};

/**
 * A network type whose networks are told apart by one number in an overlay.
 *
 * @throws SegmentRangeError
 * @throws OverlayMtuError
 */
export const createTunnelTypeDriver = (
  traits: TunnelTraits,
  overlay: OverlayConfig,
  random: Random,
): TypeDriver => {
  const ranges = disjointRanges(traits.ranges.map((text) => parseIdRange(text, traits.ids)));
  const configured = new Map([['', ranges]]);
  const key = { networkType: traits.type, physicalNetwork: '' };
  const mtu = mtuInside(traits, overlay);
  return {
    type: traits.type,
    physical: false,
    pool: { bounds: traits.ids, configured },
    validate({ physicalNetwork, segmentationId }: SegmentRequest) {
      if (physicalNetwork) {
        throw InvalidInput({ message: `provider:physical_network specified for ${traits.type} network` });
      }
      if (segmentationId === undefined) return;
      if (!(segmentationId >= traits.ids.min && segmentationId <= traits.ids.max)) {
        throw InvalidInput({
          message: `segmentation_id out of range (${traits.ids.min} through ${traits.ids.max})`,
        });
      }
    },
    async allocate(tx, { segmentationId, projectId }) {
      if (segmentationId === undefined) {
        const free = await reserveForProject(tx, { networkType: traits.type, configured, projectId }, random);
        return free && { physicalNetwork: undefined, segmentationId: free.segmentationId };
      }
      if (!(await reserveId(tx, key, segmentationId))) throw TunnelIdInUse({ tunnelId: segmentationId });
      return { physicalNetwork: undefined, segmentationId };
    },
    release: releaseSegment,
    mtu: () => mtu,
  };
};
