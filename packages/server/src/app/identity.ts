import { type Config, ConfigError } from '../config/config.ts';
import type { Clock } from '../core/clock.ts';
import type { Logger } from '../core/logger.ts';
import { isLoopback } from '../core/loopback.ts';
import type { IdentityDriver } from '../identity/driver.ts';
import type { KeystoneOptions } from '../identity/keystone/client.ts';
import { createKeystoneIdentityDriver } from '../identity/keystone/driver.ts';
import { createLabIdentityDriver } from '../identity/lab/driver.ts';
import { createNoIdentity } from '../identity/none.ts';
import { trustedCertificates } from './trusted.ts';

/**
 * How to ask the configured Keystone.
 *
 * @throws ConfigError when its certificates cannot be read
 */
export const keystoneOptions = ({ identity }: Config, logger: Logger, clock: Clock): KeystoneOptions => ({
  ...identity,
  ca: trustedCertificates('identity.caFile', identity.caFile),
  clock,
  logger: logger.child({ component: 'keystone' }),
});

/**
 * The configured identity driver.
 *
 * @throws ConfigError when the API would be open to the network without identity
 */
export const createIdentityDriver = (config: Config, logger: Logger, clock: Clock): IdentityDriver => {
  const { identity, api } = config;
  const open = !isLoopback(api.host);
  switch (identity.driver) {
    case 'none':
      if (open)
        throw new ConfigError(
          `identity.driver none makes everybody an administrator; api.host must be a loopback address, not ${api.host}`,
        );
      return createNoIdentity();
    case 'lab':
      if (open)
        logger.warn(
          { host: api.host },
          'THE LAB IDENTITY SERVICE IS NOT FOR PRODUCTION, and the API listens beyond this host',
        );
      return createLabIdentityDriver({
        path: identity.path,
        publicUrl: identity.url,
        serviceTokenRoles: identity.serviceTokenRoles,
        clock,
      });
    case 'keystone':
      return createKeystoneIdentityDriver({ ...keystoneOptions(config, logger, clock), ...identity });
  }
};
