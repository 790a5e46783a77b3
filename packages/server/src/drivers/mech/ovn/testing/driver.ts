import { systemClock } from '../../../../core/clock.ts';
import { quietLogger } from '../../../../core/logger.ts';
import type { Database } from '../../../../db/database.ts';
import { createOvnMechanismDriver, type OvnDriverOptions, type OvnMechanismDriver } from '../driver.ts';
import { defaultOvnSettings } from '../settings.ts';
import type { OvnServers } from './ovn-servers.ts';

/** A driver as one process of several has it, not started, telling nobody of anything unless `more` says so. */
export const driverOn = (
  servers: OvnServers,
  database: Database,
  more: Partial<OvnDriverOptions> = {},
): OvnMechanismDriver =>
  createOvnMechanismDriver({
    northbound: { endpoints: [servers.northbound.endpoint] },
    southbound: { endpoints: [servers.southbound.endpoint] },
    settings: defaultOvnSettings,
    database,
    clock: systemClock,
    logger: quietLogger(),
    report: async () => {},
    ...more,
  });
