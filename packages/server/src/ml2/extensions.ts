import type { Network, Port, Subnet } from '@ovenbird/api';
import type { Transaction } from '../db/database.ts';
import type { ExtensionDriver, ExtensionStep } from './contract.ts';

/** Runs the extension drivers in configured order; each may complete `step.values` or veto by throwing. */
export interface Extensions {
  /** Aliases that the drivers serve. */
  readonly aliases: readonly string[];
  network(step: ExtensionStep<Network>, tx: Transaction): Promise<void>;
  subnet(step: ExtensionStep<Subnet>, tx: Transaction): Promise<void>;
  port(step: ExtensionStep<Port>, tx: Transaction): Promise<void>;
}

export const createExtensions = (drivers: readonly ExtensionDriver[]): Extensions => ({
  aliases: drivers.flatMap((driver) => driver.aliases),
  async network(step, tx) {
    for (const driver of drivers) await driver.processNetwork?.(step, tx);
  },
  async subnet(step, tx) {
    for (const driver of drivers) await driver.processSubnet?.(step, tx);
  },
  async port(step, tx) {
    for (const driver of drivers) await driver.processPort?.(step, tx);
  },
});
