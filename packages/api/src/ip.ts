import ipaddr from 'ipaddr.js';

/** An IP address: version, its number, and its one canonical text (dotted quad, or RFC 5952). */
export interface IpAddress {
  readonly version: 4 | 6;
  readonly value: bigint;
  readonly text: string;
}

/** An address with a prefix length. `network` is the prefix without host bits, `text` keeps them. */
export interface Cidr {
  readonly version: 4 | 6;
  readonly address: IpAddress;
  readonly prefix: number;
  readonly network: IpAddress;
  readonly text: string;
  /** `network/prefix`. */
  readonly canonical: string;
}

const OCTET = '(0|[1-9]\\d{0,2})';
const IPV4 = new RegExp(`^${OCTET}\\.${OCTET}\\.${OCTET}\\.${OCTET}$`);
// No zone index, no leading or trailing blank: the address must mean the same on every host.
const IPV6 = /^[0-9a-fA-F:]{2,39}$/;
const EMBEDDED = /^([0-9a-fA-F:]*:)((?:0|[1-9]\d{0,2})(?:\.(?:0|[1-9]\d{0,2})){3})$/;

export const bitsOf = (version: 4 | 6): 32 | 128 => (version === 4 ? 32 : 128);

const ipv4Value = (text: string): number | undefined => {
  const match = IPV4.exec(text);
  if (match === null) return undefined;
  let value = 0;
  for (let index = 1; index <= 4; index++) {
    const octet = Number(match[index]);
    if (octet > 255) return undefined;
    value = value * 256 + octet;
  }
  return value;
};

const dotted = (value: number): string =>
  `${(value >>> 24) & 255}.${(value >>> 16) & 255}.${(value >>> 8) & 255}.${value & 255}`;

const longestZeroRun = (parts: readonly number[]): { start: number; length: number } => {
  let best = { start: -1, length: 1 };
  for (let start = 0; start < 8; start++) {
    let length = 0;
    while (start + length < 8 && parts[start + length] === 0) length++;
    if (length > best.length) best = { start, length };
    start += length;
  }
  return best;
};

/** RFC 5952 §4 and §5: lower case, longest run of zero groups shortened, IPv4-mapped addresses in mixed notation. */
const formatIpv6 = (parts: readonly number[]): string => {
  if (parts[5] === 0xffff && parts.slice(0, 5).every((part) => part === 0)) {
    return `::ffff:${dotted((parts[6] ?? 0) * 65536 + (parts[7] ?? 0))}`;
  }
  const run = longestZeroRun(parts);
  const hex = parts.map((part) => part.toString(16));
  if (run.start < 0) return hex.join(':');
  return `${hex.slice(0, run.start).join(':')}::${hex.slice(run.start + run.length).join(':')}`;
};

const partsOf = (value: bigint): number[] =>
  Array.from({ length: 8 }, (_, index) => Number((value >> BigInt(112 - 16 * index)) & 0xffffn));

const parseIpv6 = (given: string): IpAddress | undefined => {
  let text = given;
  if (given.includes('.')) {
    const match = EMBEDDED.exec(given);
    const low = match === null ? undefined : ipv4Value(match[2] ?? '');
    if (match === null || low === undefined) return undefined;
    text = `${match[1]}${(low >>> 16).toString(16)}:${(low & 0xffff).toString(16)}`;
  }
  if (!IPV6.test(text) || !ipaddr.IPv6.isValid(text)) return undefined;
  const parts = ipaddr.IPv6.parse(text).parts;
  const value = parts.reduce((sum, part) => (sum << 16n) | BigInt(part), 0n);
  return { version: 6, value, text: formatIpv6(parts) };
};

/** The address that a text names, or `undefined`. IPv4 octets with leading zeros and IPv6 zone indexes are refused. */
export const parseIp = (text: string): IpAddress | undefined => {
  if (text.includes(':')) return parseIpv6(text);
  const value = ipv4Value(text);
  return value === undefined ? undefined : { version: 4, value: BigInt(value), text };
};

/** The address with this number. Throws a RangeError where the number does not fit the version. */
export const ipFromValue = (version: 4 | 6, value: bigint): IpAddress => {
  if (value < 0n || value >> BigInt(bitsOf(version)) !== 0n)
    throw new RangeError(`not an IPv${version} number`);
  return { version, value, text: version === 4 ? dotted(Number(value)) : formatIpv6(partsOf(value)) };
};

const maskLength = (text: string): number | undefined => {
  const mask = ipv4Value(text);
  if (mask === undefined) return undefined;
  const inverse = (~mask >>> 0) + 1;
  const length = 32 - Math.log2(inverse);
  return Number.isInteger(length) ? length : undefined;
};

const prefixLength = (text: string, version: 4 | 6): number | undefined => {
  if (/^\d{1,3}$/.test(text)) {
    const length = Number(text);
    return length <= bitsOf(version) ? length : undefined;
  }
  return version === 4 ? maskLength(text) : undefined;
};

/**
 * `address/length` (or, for IPv4, `address/netmask`); without a slash the prefix is the address alone.
 * `undefined` for anything else. Host bits are kept in `address` and `text` and cleared in `network` and `canonical`.
 */
export const parseCidr = (text: string): Cidr | undefined => {
  const slash = text.indexOf('/');
  const address = parseIp(slash < 0 ? text : text.slice(0, slash));
  if (address === undefined) return undefined;
  const bits = bitsOf(address.version);
  const prefix = slash < 0 ? bits : prefixLength(text.slice(slash + 1), address.version);
  if (prefix === undefined) return undefined;
  const hostBits = BigInt(bits - prefix);
  const network = ipFromValue(address.version, (address.value >> hostBits) << hostBits);
  return {
    version: address.version,
    address,
    prefix,
    network,
    text: `${address.text}/${prefix}`,
    canonical: `${network.text}/${prefix}`,
  };
};

/** Whether it is a multicast address (224.0.0.0/4, ff00::/8). */
export const isMulticast = (ip: IpAddress): boolean =>
  ip.version === 4 ? ip.value >> 28n === 0xen : ip.value >> 120n === 0xffn;

/** Whether two prefixes of any versions share an address. */
export const overlaps = (a: Cidr, b: Cidr): boolean => {
  if (a.version !== b.version) return false;
  const shift = BigInt(bitsOf(a.version) - Math.min(a.prefix, b.prefix));
  return a.network.value >> shift === b.network.value >> shift;
};

/** Whether an address lies inside a prefix. */
export const contains = (cidr: Cidr, ip: IpAddress): boolean =>
  cidr.version === ip.version &&
  ip.value >> BigInt(bitsOf(ip.version) - cidr.prefix) ===
    cidr.network.value >> BigInt(bitsOf(ip.version) - cidr.prefix);
