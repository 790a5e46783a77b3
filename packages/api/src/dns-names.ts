import type { DnsAssignment } from './validators/dns.ts';

/** The domain of deployments that chose none; the reference gives ports no names in it. */
const NO_DOMAIN = 'openstacklocal';

/** The domain of a deployment as a name ends with it, with a dot at its end; empty where there is none. */
export const absoluteDomain = (domain: string): string => {
  const lower = domain.toLowerCase();
  return lower === '' || lower.endsWith('.') ? lower : `${lower}.`;
};

/** Whether ports have names of their own in a deployment of this domain (`network.dnsDomain`). */
export const namesPorts = (domain: string): boolean =>
  domain !== '' && absoluteDomain(domain) !== absoluteDomain(NO_DOMAIN);

const hostOf = (address: string): string => `host-${address.replaceAll(/[.:]/g, '-')}`;

/**
 * What names the addresses of ports in a deployment of this domain: from the name of a port (empty: names are made from
 * the addresses) and its addresses.
 */
export const namerIn = (
  domain: string,
): ((name: string, addresses: readonly string[]) => readonly DnsAssignment[]) => {
  const end = absoluteDomain(domain);
  const counts = namesPorts(domain);
  return (name, addresses) =>
    addresses.map((address) => {
      const hostname = counts && name !== '' ? name : hostOf(address);
      const relative = !hostname.endsWith('.') && end !== '';
      return { ip_address: address, hostname, fqdn: relative ? `${hostname}.${end}` : hostname };
    });
};
