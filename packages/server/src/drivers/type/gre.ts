import type { IdRange, TypeDriver } from '../../ml2/contract.ts';
import type { Random } from './segment-pool.ts';
import { createTunnelTypeDriver, type OverlayConfig } from './tunnel.ts';

export interface GreTypeConfig extends OverlayConfig {
  /** `first:last` */
  readonly tunnelIdRanges: readonly string[];
}

/** GRE with key 8 and inner Ethernet header 14, octets (RFC 2890). */
const HEADER_SIZE = 22;
/** Keys have 32 bits; the upper half is left out because the columns that hold ids are signed. */
const TUNNEL_IDS: IdRange = { min: 1, max: 2 ** 31 - 1 };

/** `gre` (RFC 2890): a 32-bit key. */
export const createGreTypeDriver = (config: GreTypeConfig, random: Random): TypeDriver =>
  createTunnelTypeDriver(
    { type: 'gre', ids: TUNNEL_IDS, ranges: config.tunnelIdRanges, headerSize: HEADER_SIZE },
    config,
    random,
  );
