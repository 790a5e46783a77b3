import type { SouthboundTables } from '@ovenbird/ovn-db';
import type { ChangeBatch } from '@ovenbird/ovsdb';
import type { SouthboundClient } from '../databases.ts';
import { gatewayBindingNames, portOfGatewayBinding } from '../ids.ts';

/** Where OVN runs the gateways of routers: which chassis has claimed them. */
export class GatewayPlaces implements Disposable {
  readonly #southbound: SouthboundClient;
  readonly #listener: Disposable;

  /** @param changed hears of gateway ports whose place may have changed, and 'all' after a (re)connect */
  constructor(southbound: SouthboundClient, changed: (portIds: readonly string[] | 'all') => void) {
    this.#southbound = southbound;
    this.#listener = southbound.onBatch((batch) => {
      if (batch.initial) changed('all');
      else {
        const ids = changedPorts(batch);
        if (ids.length > 0) changed(ids);
      }
    });
  }

  /** Whether what is known is complete. */
  get known(): boolean {
    return this.#southbound.state === 'ready';
  }

  /** Host of the chassis that carries the gateway port now; '' when none does. */
  hostOf(portId: string): string {
    const { Port_Binding: bindings, Chassis: chassis } = this.#southbound.replica;
    for (const name of gatewayBindingNames(portId)) {
      const claimed = bindings.find('port', name)[0]?.chassis;
      const host = claimed === undefined ? undefined : chassis.get(claimed)?.hostname;
      if (host !== undefined) return host;
    }
    return '';
  }

  [Symbol.dispose](): void {
    this.#listener[Symbol.dispose]();
  }
}

const changedPorts = (batch: ChangeBatch<SouthboundTables>): readonly string[] =>
  batch.changes.flatMap((change) =>
    change.table === 'Port_Binding' ? (portOfGatewayBinding(change.row.logical_port) ?? []) : [],
  );
