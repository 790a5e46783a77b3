import type { TypeDriver } from '../../ml2/contract.ts';
import type { Random } from './segment-pool.ts';
import { createTunnelTypeDriver, type OverlayConfig } from './tunnel.ts';

export interface GeneveTypeConfig extends OverlayConfig {
  /** `first:last` */
  readonly geneveVniRanges: readonly string[];
  /** UDP, Geneve with OVN's options and inner Ethernet header, octets; OVN needs 38. */
  readonly geneveMaxHeaderSize: number;
}

/** `geneve` (RFC 8926): a 24-bit VNI. */
export const createGeneveTypeDriver = (config: GeneveTypeConfig, random: Random): TypeDriver =>
  createTunnelTypeDriver(
    {
      type: 'geneve',
      ids: { min: 1, max: 2 ** 24 - 1 },
      ranges: config.geneveVniRanges,
      headerSize: config.geneveMaxHeaderSize,
    },
    config,
    random,
  );
