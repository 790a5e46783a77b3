import type { FixedIp, Port } from '@ovenbird/api';
import type { WriteStep } from '../../engine/contract.ts';

/** What leads to ports from elsewhere, and must follow when they go or move: floating IPs and port forwardings. */
export interface PortFollowers {
  /** Before ports go. Throws an ApiError where they may not. */
  removing(step: WriteStep, ports: readonly Pick<Port, 'id'>[]): Promise<void>;
  /** When a port has got other addresses. Throws an ApiError where it may not. */
  readdressed(step: WriteStep, port: Port, addresses: readonly FixedIp[]): Promise<void>;
}
