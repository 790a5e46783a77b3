import type { Config } from '../../../config/config.ts';
import type { Clock } from '../../../core/clock.ts';
import type { Logger } from '../../../core/logger.ts';
import type { Database } from '../../../db/database.ts';
import type { PortStatusReport } from '../../../ml2/contract.ts';
import { createOvnMechanismDriver, type OvnMechanismDriver } from './driver.ts';
import { ovnConnections, ovnSettings } from './from-config.ts';

/** What the driver needs besides the configuration. */
export interface OvnDriverParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly logger: Logger;
  /** ML2's `status.report`. */
  readonly report: (reports: readonly PortStatusReport[]) => Promise<void>;
}

/** The driver as the configuration describes it. */
export const createOvnDriver = async (
  config: Pick<Config, 'ovn' | 'network'>,
  parts: OvnDriverParts,
): Promise<OvnMechanismDriver> =>
  createOvnMechanismDriver({ ...ovnConnections(config), settings: await ovnSettings(config), ...parts });
