import { display } from '../display.ts';
import {
  AllowedAddressPairExhausted,
  AllowedAddressPairsMissingIP,
  DuplicateAddressPairInRequest,
} from '../errors/port.ts';
import { HTTPBadRequest } from '../errors/request.ts';
import { isMulticast, overlaps, parseCidr, parseIp } from '../ip.ts';
import { accepted, type Parsed, refused, refusedWith, type ValueType } from '../value-type.ts';
import { isDict, unexpectedKeys } from './dict.ts';
import { parseIpAddress } from './ip-address.ts';
import { parseMacAddress } from './mac-address.ts';
import { parseEach } from './subnet-values.ts';

/** A further source address that a port may use. */
export interface AllowedAddressPair {
  readonly mac_address: string;
  /** An address or a prefix, host bits kept. */
  readonly ip_address: string;
}

/** An address pair in a request; without a MAC address it is the port's own. */
export interface AllowedAddressPairRequest {
  readonly mac_address?: string;
  readonly ip_address: string;
}

const KEYS: ReadonlySet<string> = new Set(['mac_address', 'ip_address']);
const IPV4_MULTICAST = parseCidr('224.0.0.0/4');
const IPV6_MULTICAST = parseCidr('ff00::/8');

const bad = (message: string): Parsed<never> => refusedWith(HTTPBadRequest({ message }));

const parsePrefix = (text: string): Parsed<string> => {
  const prefix = parseCidr(text);
  if (prefix === undefined) return bad(`'${display(text)}' is not a valid IP subnet`);
  const multicast = prefix.version === 4 ? IPV4_MULTICAST : IPV6_MULTICAST;
  if (prefix.canonical === '0.0.0.0/0' || multicast === undefined || !overlaps(prefix, multicast)) {
    return accepted(prefix.text);
  }
  return bad(
    `Subnet ${prefix.text} overlaps with multicast range ${multicast.text}, which is not supported.`,
  );
};

const parseAddress = (text: string): Parsed<string> => {
  const address = parseIpAddress(text);
  if (!address.ok) return bad(address.reason);
  const ip = parseIp(address.value);
  return ip !== undefined && isMulticast(ip)
    ? bad(`IP ${address.value} is a multicast address, which is not supported.`)
    : address;
};

const parsePair = (value: unknown): Parsed<AllowedAddressPairRequest> => {
  if (!isDict(value)) return refused(`'${display(value)}' is not a dictionary`);
  if (!Object.hasOwn(value, 'ip_address')) return refusedWith(AllowedAddressPairsMissingIP());
  const unexpected = unexpectedKeys(value, KEYS);
  if (unexpected.length > 0) return bad(`Unrecognized attribute(s) '${display(unexpected.join(', '))}'`);
  const given = value.ip_address;
  if (typeof given !== 'string') return bad(`'${display(given)}' is not a valid IP address`);
  const ip = given.includes('/') ? parsePrefix(given) : parseAddress(given);
  if (!ip.ok) return ip;
  if (!Object.hasOwn(value, 'mac_address')) return accepted({ ip_address: ip.value });
  const mac = parseMacAddress(value.mac_address);
  return mac.ok ? accepted({ mac_address: mac.value, ip_address: ip.value }) : bad(mac.reason);
};

/** At most `limit` different address pairs; null means none. */
export const addressPairs = (
  limit: number,
): ValueType<readonly AllowedAddressPair[], readonly AllowedAddressPairRequest[]> => ({
  name: 'allowed address pairs',
  schema: {
    type: 'array',
    maxItems: limit,
    items: {
      type: 'object',
      properties: { mac_address: { type: 'string' }, ip_address: { type: 'string' } },
      required: ['ip_address'],
      additionalProperties: false,
    },
  },
  example: [{ mac_address: 'fa:16:3e:00:00:01', ip_address: '192.0.2.100' }],
  parse: (value) => {
    if (value === null) return accepted([]);
    if (!Array.isArray(value)) return bad('Allowed address pairs must be a list.');
    if (value.length > limit) return refusedWith(AllowedAddressPairExhausted({ quota: limit }));
    const seen = new Set<string>();
    return parseEach(value, (item) => {
      const pair = parsePair(item);
      if (!pair.ok) return pair;
      const { mac_address: mac, ip_address: ip } = pair.value;
      const key = `${mac ?? ''} ${ip}`;
      if (seen.has(key)) return refusedWith(DuplicateAddressPairInRequest({ mac, ip }));
      seen.add(key);
      return pair;
    });
  },
});
