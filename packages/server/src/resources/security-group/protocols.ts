import { IP_PROTOCOLS } from '@ovenbird/api';

const ICMP = 1;
const ICMPV6 = 58;

/** Protocols whose rules may name ports. */
export const PORT_PROTOCOLS = ['tcp', 'udp', 'sctp', 'dccp', 'udplite'] as const;

const numbersOf = (names: readonly string[]): ReadonlySet<number> =>
  new Set(names.map((name) => IP_PROTOCOLS[name]).filter((number) => number !== undefined));

const withPorts = numbersOf(PORT_PROTOCOLS);
const onlyIpv6 = numbersOf(['ipv6-encap', 'ipv6-frag', 'ipv6-icmp', 'ipv6-nonxt', 'ipv6-opts', 'ipv6-route']);

/** The protocol's IANA number; `protocol` is a name or a number as text, already checked. */
export const protocolNumber = (protocol: string): number => IP_PROTOCOLS[protocol] ?? Number(protocol);

export const hasPorts = (protocol: number): boolean => withPorts.has(protocol);
export const isIcmp = (protocol: number): boolean => protocol === ICMP || protocol === ICMPV6;
export const isOnlyIpv6 = (protocol: number): boolean => onlyIpv6.has(protocol);

/** IPv6 has an ICMP of its own: what names the one of IPv4, or uses an old name, means that. */
export const forEtherType = (protocol: string | null, ethertype: string): string | null => {
  if (protocol === null || ethertype !== 'IPv6') return protocol;
  if (protocol === 'icmp' || protocol === 'icmpv6') return 'ipv6-icmp';
  return protocol === String(ICMP) ? String(ICMPV6) : protocol;
};
