import type { TypeDriver } from '../../ml2/contract.ts';
import type { Random } from './segment-pool.ts';
import { createTunnelTypeDriver, type OverlayConfig } from './tunnel.ts';

export interface VxlanTypeConfig extends OverlayConfig {
  /** `first:last` */
  readonly vxlanVniRanges: readonly string[];
}

/** UDP 8, VXLAN 8 and inner Ethernet header 14, octets (RFC 7348). */
const HEADER_SIZE = 30;

/** `vxlan` (RFC 7348): a 24-bit VNI. */
export const createVxlanTypeDriver = (config: VxlanTypeConfig, random: Random): TypeDriver =>
  createTunnelTypeDriver(
    {
      type: 'vxlan',
      ids: { min: 1, max: 2 ** 24 - 1 },
      ranges: config.vxlanVniRanges,
      headerSize: HEADER_SIZE,
    },
    config,
    random,
  );
