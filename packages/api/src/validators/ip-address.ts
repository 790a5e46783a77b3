import { display } from '../display.ts';
import { parseIp } from '../ip.ts';
import { accepted, type Parsed, refused, type ValueType } from '../value-type.ts';

const withoutLeadingZeros = (text: string): string | undefined => {
  if (!/^\d{1,4}(?:\.\d{1,4}){3}$/.test(text)) return undefined;
  return parseIp(text.split('.').map(Number).join('.'))?.text;
};

/** An address in canonical text. IPv4 octets with leading zeros are ambiguous and refused. */
export const parseIpAddress = (value: unknown): Parsed<string> => {
  if (typeof value !== 'string') return refused(`'${display(value)}' is not a valid IP address`);
  const ip = parseIp(value);
  if (ip !== undefined) return accepted(ip.text);
  const meant = withoutLeadingZeros(value);
  return meant === undefined
    ? refused(`'${display(value)}' is not a valid IP address`)
    : refused(`'${value}' is not an accepted IP address, '${meant}' is recommended`);
};

/** An IPv4 or IPv6 address. */
export const ipAddress: ValueType<string> = {
  name: 'ip_address',
  schema: { type: 'string', anyOf: [{ format: 'ipv4' }, { format: 'ipv6' }] },
  parse: parseIpAddress,
  fromQuery: (text) => accepted(parseIp(text)?.text ?? text),
};

/** An IPv4 or IPv6 address, or null. */
export const ipAddressOrNull: ValueType<string | null> = {
  name: 'ip_address or null',
  schema: { type: ['string', 'null'] },
  parse: (value) => (value === null ? accepted(null) : parseIpAddress(value)),
  fromQuery: (text) => accepted(text === '' ? null : (parseIp(text)?.text ?? text)),
};
