import { display } from '../display.ts';
import { SecurityGroupDefaultAlreadyExists } from '../errors/security-group.ts';
import {
  SecurityGroupInvalidPortValue,
  SecurityGroupRuleInvalidEtherType,
  SecurityGroupRuleInvalidProtocol,
} from '../errors/security-group-rule.ts';
import { accepted, type Parsed, refusedWith, type ValueType } from '../value-type.ts';
import { string } from './string.ts';

/** IP protocol names of the API and their numbers (IANA protocol numbers; `icmpv6` is the API's old name). */
export const IP_PROTOCOLS: { readonly [name: string]: number } = {
  ah: 51,
  dccp: 33,
  egp: 8,
  esp: 50,
  gre: 47,
  hopopt: 0,
  icmp: 1,
  igmp: 2,
  ip: 0,
  ipip: 4,
  'ipv6-encap': 41,
  'ipv6-frag': 44,
  'ipv6-icmp': 58,
  icmpv6: 58,
  'ipv6-nonxt': 59,
  'ipv6-opts': 60,
  'ipv6-route': 43,
  ospf: 89,
  pgm: 113,
  rsvp: 46,
  sctp: 132,
  tcp: 6,
  udp: 17,
  udplite: 136,
  vrrp: 112,
};

const PROTOCOL_NAMES = ['None', 'any', ...Object.keys(IP_PROTOCOLS)];
const ETHERTYPES = ['IPv4', 'IPv6'] as const;

/** The IP version of a rule. */
export type EtherType = (typeof ETHERTYPES)[number];

const parseProtocol = (value: unknown): Parsed<string | null> => {
  if (value === null || value === 'any') return accepted(null);
  if (typeof value === 'string' || typeof value === 'number') {
    const text = String(value).trim().toLowerCase();
    if (/^\+?\d{1,3}$/.test(text) && Number(text) <= 255) return accepted(String(Number(text)));
    if (Object.hasOwn(IP_PROTOCOLS, text)) return accepted(text);
  }
  return refusedWith(SecurityGroupRuleInvalidProtocol({ protocol: display(value), values: PROTOCOL_NAMES }));
};

/** A protocol name in lower case, a number 0–255 as text, or null for any (`any` is taken for null). */
export const protocol: ValueType<string | null> = {
  name: 'protocol',
  schema: { type: ['string', 'integer', 'null'] },
  parse: parseProtocol,
  fromQuery: (text) => parseProtocol(text === '' ? null : text),
};

const parseEtherType = (value: unknown): Parsed<EtherType> => {
  const found =
    typeof value === 'string'
      ? ETHERTYPES.find((type) => type.toLowerCase() === value.toLowerCase())
      : undefined;
  return found === undefined
    ? refusedWith(SecurityGroupRuleInvalidEtherType({ ethertype: display(value), values: ETHERTYPES }))
    : accepted(found);
};

/** `IPv4` or `IPv6`, in any case. */
export const etherType: ValueType<EtherType> = {
  name: 'ethertype',
  schema: { type: 'string', enum: ETHERTYPES },
  parse: parseEtherType,
  fromQuery: parseEtherType,
};

const parsePort = (value: unknown): Parsed<number | null> => {
  if (value === null) return accepted(null);
  const text = typeof value === 'number' || typeof value === 'string' ? String(value).trim() : '';
  return /^\d{1,5}$/.test(text) && Number(text) <= 65535
    ? accepted(Number(text))
    : refusedWith(SecurityGroupInvalidPortValue({ port: display(value) }));
};

/** A port number, ICMP type or ICMP code, or null. What it may be depends on the protocol: behaviour checks that. */
export const portOrNull: ValueType<number | null> = {
  name: 'port or null',
  schema: { type: ['integer', 'null'], minimum: 0, maximum: 65535 },
  parse: parsePort,
  fromQuery: (text) => parsePort(text === '' ? null : text),
};

const anyName = string(255);

/** The name of a security group: any text but `default`, which only the service gives. */
export const securityGroupName: ValueType<string> = {
  name: 'security group name',
  schema: anyName.schema,
  parse: (value) => {
    const name = anyName.parse(value);
    return name.ok && name.value.toLowerCase() === 'default'
      ? refusedWith(SecurityGroupDefaultAlreadyExists())
      : name;
  },
};
