import {
  absoluteDomain,
  type Derived,
  FQDN_LENGTH,
  HTTPBadRequest,
  namerIn,
  namesPorts,
  type Port,
} from '@ovenbird/api';

/** What a port is called. */
export type PortNames = Pick<Port, 'dns_name' | 'dns_domain'>;

export const NAMELESS: PortNames = { dns_name: '', dns_domain: '' };

const refused = (reason: string) =>
  HTTPBadRequest({ message: `Invalid input for dns_name. Reason: ${reason}.` });

/** Throws ApiError 400 for a name that is too long with the domain, or absolute and outside of it. */
const checkName = (name: string, domain: string): void => {
  const end = `.${absoluteDomain(domain)}`;
  if (name.endsWith('.') && (name.length <= end.length || !name.endsWith(end)))
    throw refused(
      `The dns_name passed is a FQDN. Its higher level labels must be equal to the domain ${domain}, with one or more labels to the left of it`,
    );
  if (!name.endsWith('.') && name !== '' && name.length + end.length > FQDN_LENGTH)
    throw refused(
      `The dns_name passed is a PQDN and its size is ${name.length}. With the domain ${domain} it exceeds the maximum size of ${FQDN_LENGTH}`,
    );
};

/**
 * The names of a port after a request. In a deployment without a domain of its own names are not kept.
 *
 * @throws ApiError 400 for a name that does not fit the domain
 */
export const namesOf = (asked: Partial<PortNames>, current: PortNames, domain: string): PortNames => {
  if (!namesPorts(domain)) return { dns_name: current.dns_name, dns_domain: current.dns_domain };
  if (asked.dns_name !== undefined) checkName(asked.dns_name, domain);
  return {
    dns_name: asked.dns_name ?? current.dns_name,
    dns_domain: asked.dns_domain ?? current.dns_domain,
  };
};

/** `dns_assignment` in a deployment of this domain. */
export const assignmentsIn = (domain: string): Derived<Port> => {
  const assign = namerIn(domain);
  return {
    reads: ['dns_name', 'fixed_ips'],
    of: (port) =>
      assign(
        port.dns_name,
        port.fixed_ips.map((fixed) => fixed.ip_address),
      ),
  };
};
