import { display } from '../display.ts';
import { InvalidInput } from '../errors/request.ts';
import { InvalidCIDR } from '../errors/subnet.ts';
import { parseCidr } from '../ip.ts';
import { accepted, type Parsed, refused, refusedWith, type ValueType } from '../value-type.ts';

const parseSubnetCidr = (value: unknown): Parsed<string> => {
  const cidr = typeof value === 'string' ? parseCidr(value) : undefined;
  return cidr === undefined
    ? refusedWith(InvalidInput({ message: `${display(value)} is not in a CIDR format` }))
    : accepted(cidr.canonical);
};

/** The prefix of a subnet, canonical and without host bits: the reference takes `10.0.0.1/24` and stores its network. */
export const cidr: ValueType<string> = {
  name: 'cidr',
  schema: { type: 'string', examples: ['192.0.2.0/24', '2001:db8::/64'] },
  parse: parseSubnetCidr,
  fromQuery: parseSubnetCidr,
};

const parsePrefix = (value: unknown): Parsed<string | null> => {
  if (value === null || value === '') return accepted(null);
  const prefix = typeof value === 'string' ? parseCidr(value) : undefined;
  return prefix === undefined ? refusedWith(InvalidCIDR({ input: display(value) })) : accepted(prefix.text);
};

/** A remote prefix of a rule: an address or prefix in canonical text, host bits kept, or null. */
export const ipPrefixOrNull: ValueType<string | null> = {
  name: 'ip prefix or null',
  schema: { type: ['string', 'null'] },
  parse: parsePrefix,
  fromQuery: parsePrefix,
};

/** The destination of a host route: a prefix without host bits that is not loopback. */
export const parseRouteCidr = (value: unknown): Parsed<string> => {
  const route = typeof value === 'string' && value.includes('/') ? parseCidr(value) : undefined;
  if (route === undefined || route.text !== route.canonical) {
    return refused(`'${display(value)}' is not a valid CIDR`);
  }
  const loopback = route.version === 4 ? route.network.value >> 24n === 127n : route.canonical === '::1/128';
  return loopback ? refused(`'${display(value)}' is not a routable CIDR`) : accepted(route.canonical);
};
