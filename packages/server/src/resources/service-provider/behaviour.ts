import { type ServiceProvider, serviceProvider } from '@ovenbird/api';
import type { ComputedBehaviour } from '../../engine/contract.ts';

/** The providers that this configuration has. */
export const createServiceProviderBehaviour = (
  providers: readonly ServiceProvider[],
): ComputedBehaviour<typeof serviceProvider> => ({
  kind: 'computed',
  definition: serviceProvider,
  all: async () => providers,
});
