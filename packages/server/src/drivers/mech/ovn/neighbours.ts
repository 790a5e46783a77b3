import type { FloatingIp, Port } from '@ovenbird/api';
import type { Logger } from '../../../core/logger.ts';
import { isRouterPort } from '../../../ipam/device-owner.ts';
import type { Change } from '../../../ml2/contract.ts';
import type { SouthboundClient } from './databases.ts';

export interface NeighboursOptions {
  readonly southbound: SouthboundClient;
  readonly logger: Logger;
}

/** Who does not answer has nothing to forget; entries go by age as well. Milliseconds. */
const PATIENCE_MS = 2_000;

const leadsTo = (floatingIp: FloatingIp | undefined): string =>
  floatingIp === undefined ? '' : `${floatingIp.router_id} ${floatingIp.port_id}`;

/** Address of a floating IP that another router, or none, answers for now. */
function movedAddress(change: Extract<Change, { kind: 'floatingip' }>): readonly string[] {
  const original = change.action === 'create' ? undefined : change.original;
  const current = change.action === 'delete' ? undefined : change.current;
  const address = (current ?? original)?.floating_ip_address;
  return address === undefined || address === null || leadsTo(original) === leadsTo(current) ? [] : [address];
}

const macOf = (port: Port | undefined): string | undefined =>
  port !== undefined && isRouterPort(port.device_owner) ? port.mac_address : undefined;

/** MAC address that a router had and has no more. */
function leftMac(change: Extract<Change, { kind: 'port' }>): readonly string[] {
  const before = change.action === 'create' ? undefined : macOf(change.original);
  const after = change.action === 'delete' ? undefined : macOf(change.current);
  return before === undefined || before === after ? [] : [before];
}

/**
 * What routers learned of their neighbours and is wrong after a change: entries go by age, but until then packets would
 * follow them. A hint without a journal: what is missed goes later.
 */
export class Neighbours implements AsyncDisposable {
  readonly #options: NeighboursOptions;
  readonly #closing = new AbortController();
  readonly #forgetting = new Set<Promise<void>>();

  constructor(options: NeighboursOptions) {
    this.#options = options;
  }

  /** Have routers ask anew for what these changes moved. */
  forget(changes: readonly Change[]): void {
    const addresses = changes.flatMap((change) => (change.kind === 'floatingip' ? movedAddress(change) : []));
    const macs = changes.flatMap((change) => (change.kind === 'port' ? leftMac(change) : []));
    const { southbound } = this.#options;
    if (addresses.length + macs.length === 0 || southbound.state !== 'ready') return;
    const { operations } = southbound;
    const forgetting = this.#send([
      ...addresses.map((ip) => operations.delete('MAC_Binding', [['ip', '==', ip]])),
      ...macs.map((mac) => operations.delete('MAC_Binding', [['mac', '==', mac]])),
    ]).finally(() => this.#forgetting.delete(forgetting));
    this.#forgetting.add(forgetting);
  }

  async #send(operations: Parameters<SouthboundClient['transact']>[0]): Promise<void> {
    const { southbound, logger } = this.#options;
    try {
      await southbound.transact(operations, { timeoutMs: PATIENCE_MS, signal: this.#closing.signal });
    } catch (error) {
      if (!this.#closing.signal.aborted) logger.warn({ err: error }, 'neighbours are forgotten by age only');
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    await Promise.all(this.#forgetting);
  }
}
