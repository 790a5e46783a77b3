import type { Config } from '../config/config.ts';
import type { Clock } from '../core/clock.ts';
import type { Logger } from '../core/logger.ts';
import type { Database } from '../db/database.ts';
import { createNovaClient } from '../drivers/mech/nova/client.ts';
import { createNovaNotifier, type NovaNotifier } from '../drivers/mech/nova/driver.ts';
import { createKeystoneClient } from '../identity/keystone/client.ts';
import { keystoneOptions } from './identity.ts';
import { trustedCertificates } from './trusted.ts';

/** What tells Nova of its servers' ports; undefined: nobody is to be told. */
export const createNova = (
  config: Config,
  parts: {
    readonly database: Database;
    readonly clock: Clock;
    readonly logger: Logger;
    /** Told of ports that Nova knows to be plugged. */
    readonly plugged: (portId: string) => void;
  },
): NovaNotifier | undefined => {
  const { nova, identity } = config;
  if (nova.url === '') return undefined;
  const keystone =
    identity.driver === 'keystone'
      ? createKeystoneClient(keystoneOptions(config, parts.logger, parts.clock))
      : undefined;
  return createNovaNotifier({
    database: parts.database,
    logger: parts.logger,
    client: createNovaClient({
      url: nova.url,
      timeoutMs: nova.timeout * 1000,
      ca: trustedCertificates('nova.caFile', nova.caFile),
      ...(keystone === undefined ? {} : { identity: keystone }),
    }),
    wanted: { status: nova.notifyOnPortStatusChanges, data: nova.notifyOnPortDataChanges },
    giveUpMs: nova.giveUpAfter * 1000,
    taken(events) {
      for (const { name, tag } of events) if (name === 'network-vif-plugged') parts.plugged(tag);
    },
  });
};
