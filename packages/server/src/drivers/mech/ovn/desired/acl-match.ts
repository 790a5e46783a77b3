import { addressGroupSet, groupAddressSet, portGroupName } from '../ids.ts';
import type { RuleState } from '../state.ts';

const TRANSPORT: ReadonlyMap<string, string> = new Map([
  ['tcp', 'tcp'],
  ['6', 'tcp'],
  ['udp', 'udp'],
  ['17', 'udp'],
  ['sctp', 'sctp'],
  ['132', 'sctp'],
]);
const ICMP = new Set(['icmp', 'icmpv6', 'ipv6-icmp', '1', '58']);

/** IANA protocol numbers of the names that the API accepts. */
const NUMBERS: ReadonlyMap<string, number> = new Map([
  ['ah', 51],
  ['dccp', 33],
  ['egp', 8],
  ['esp', 50],
  ['gre', 47],
  ['hopopt', 0],
  ['igmp', 2],
  ['ip', 0],
  ['ipip', 4],
  ['ipv6-encap', 41],
  ['ipv6-frag', 44],
  ['ipv6-nonxt', 59],
  ['ipv6-opts', 60],
  ['ipv6-route', 43],
  ['ospf', 89],
  ['pgm', 113],
  ['rsvp', 46],
  ['udplite', 136],
  ['vrrp', 112],
]);

function transportParts(protocol: string, rule: RuleState): string[] {
  const { portMin: min, portMax: max } = rule;
  if (min !== undefined && min === max) return [protocol, `${protocol}.dst == ${min}`];
  return [
    protocol,
    ...(min === undefined ? [] : [`${protocol}.dst >= ${min}`]),
    ...(max === undefined ? [] : [`${protocol}.dst <= ${max}`]),
  ];
}

/** Ports of an ICMP rule hold type and code. The family decides which ICMP is meant. */
function icmpParts(rule: RuleState): string[] {
  const icmp = `icmp${rule.ipVersion}`;
  return [
    icmp,
    ...(rule.portMin === undefined ? [] : [`${icmp}.type == ${rule.portMin}`]),
    ...(rule.portMax === undefined ? [] : [`${icmp}.code == ${rule.portMax}`]),
  ];
}

function protocolParts(rule: RuleState): string[] {
  const protocol = rule.protocol;
  if (protocol === undefined || protocol === 'any') return [];
  const transport = TRANSPORT.get(protocol);
  if (transport !== undefined) return transportParts(transport, rule);
  if (ICMP.has(protocol)) return icmpParts(rule);
  const number = NUMBERS.get(protocol) ?? (/^\d{1,3}$/.test(protocol) ? Number(protocol) : Number.NaN);
  if (!(number <= 255)) throw new TypeError(`no IP protocol ${JSON.stringify(protocol)}`);
  return [`ip.proto == ${number}`];
}

const ADDRESS = /^[0-9a-f:.]+\/\d{1,3}$/;

/** The far end: a prefix, the members of a group, or the addresses of an address group. */
function remoteParts(rule: RuleState): string[] {
  const field = `ip${rule.ipVersion}.${rule.direction === 'ingress' ? 'src' : 'dst'}`;
  if (rule.remoteCidr !== undefined && !ADDRESS.test(rule.remoteCidr))
    throw new TypeError(`no prefix ${JSON.stringify(rule.remoteCidr)}`);
  return [
    ...(rule.remoteCidr === undefined ? [] : [`${field} == ${rule.remoteCidr}`]),
    ...(rule.remoteGroupId === undefined
      ? []
      : [`${field} == $${groupAddressSet(rule.remoteGroupId, rule.ipVersion)}`]),
    ...(rule.remoteAddressGroupId === undefined
      ? []
      : [`${field} == $${addressGroupSet(rule.remoteAddressGroupId, rule.ipVersion)}`]),
  ];
}

/**
 * ACL.match of a security group rule. Built from enumerations, numbers, UUIDs and a checked prefix only; throws a
 * TypeError rather than letting other text into an expression.
 */
export function aclMatch(securityGroupId: string, rule: RuleState): string {
  const port = rule.direction === 'ingress' ? 'outport' : 'inport';
  return [
    `${port} == @${portGroupName(securityGroupId)}`,
    `ip${rule.ipVersion}`,
    ...remoteParts(rule),
    ...protocolParts(rule),
  ].join(' && ');
}
