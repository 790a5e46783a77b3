import { ServiceProfileDriverNotFound, type ServiceProvider } from '@ovenbird/api';

/**
 * What a service profile may call the driver of a provider: the provider's own name, and what the reference calls it, so
 * that profiles can be carried over.
 */
const driverNames: { readonly [provider: string]: readonly string[] } = {
  ovn: ['ovn', 'neutron.services.ovn_l3.service_providers.ovn.OvnDriver'],
};

/**
 * The provider that a driver stands for.
 *
 * @throws ApiError ServiceProfileDriverNotFound when none of the providers is meant
 */
export const providerOf = (providers: readonly ServiceProvider[], driver: string): ServiceProvider => {
  const found = providers.find(({ name }) => driverNames[name ?? '']?.includes(driver));
  if (found === undefined) throw ServiceProfileDriverNotFound({ driver });
  return found;
};
