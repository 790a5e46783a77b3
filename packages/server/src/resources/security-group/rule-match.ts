import {
  parseCidr,
  SecurityGroupEthertypeConflictWithProtocol,
  SecurityGroupInvalidIcmpValue,
  SecurityGroupInvalidPortRange,
  SecurityGroupInvalidPortValue,
  SecurityGroupInvalidProtocolForPort,
  SecurityGroupMissingIcmpType,
  SecurityGroupMultipleRemoteEntites,
  SecurityGroupProtocolRequiredWithPorts,
  SecurityGroupRuleParameterConflict,
} from '@ovenbird/api';
import { forEtherType, hasPorts, isIcmp, isOnlyIpv6, PORT_PROTOCOLS, protocolNumber } from './protocols.ts';

/** What a rule or a template lets through, as a request gives it and as it is stored. */
export interface RuleMatch {
  readonly direction: string;
  readonly ethertype: string;
  readonly protocol: string | null;
  readonly port_range_min: number | null;
  readonly port_range_max: number | null;
  readonly remote_group_id: string | null;
  readonly remote_address_group_id: string | null;
  readonly remote_ip_prefix: string | null;
}

const FIRST_PORT = 1;
const LAST_PORT = 65_535;
const LAST_ICMP = 255;

/** Both ends of the range, and each in bounds. */
const checkPorts = ({ port_range_min: min, port_range_max: max }: RuleMatch): void => {
  if (min === 0 || max === 0) throw SecurityGroupInvalidPortValue({ port: '0' });
  if (min === null || max === null || min > max) throw SecurityGroupInvalidPortRange();
};

/** Type in `port_range_min`, code in `port_range_max`. */
const checkIcmp = ({ port_range_min: type, port_range_max: code }: RuleMatch): void => {
  if (type !== null && type > LAST_ICMP) {
    throw SecurityGroupInvalidIcmpValue({ field: 'type', attr: 'port_range_min', value: type });
  }
  if (code !== null && code > LAST_ICMP) {
    throw SecurityGroupInvalidIcmpValue({ field: 'code', attr: 'port_range_max', value: code });
  }
  if (type === null && code !== null) throw SecurityGroupMissingIcmpType({ value: code });
};

const checkRange = (match: RuleMatch): void => {
  if (match.port_range_min === null && match.port_range_max === null) return;
  if (match.protocol === null) throw SecurityGroupProtocolRequiredWithPorts();
  const number = protocolNumber(match.protocol);
  if (hasPorts(number)) checkPorts(match);
  else if (isIcmp(number)) checkIcmp(match);
  else throw SecurityGroupInvalidProtocolForPort({ protocol: match.protocol, supported: PORT_PROTOCOLS });
};

const checkFamily = ({ ethertype, protocol, remote_ip_prefix: prefix }: RuleMatch): void => {
  const cidr = prefix === null ? undefined : parseCidr(prefix);
  if (cidr !== undefined && ethertype !== `IPv${cidr.version}`) {
    throw SecurityGroupRuleParameterConflict({ ethertype, cidr: cidr.text });
  }
  if (protocol !== null && ethertype === 'IPv4' && isOnlyIpv6(protocolNumber(protocol))) {
    throw SecurityGroupEthertypeConflictWithProtocol({ ethertype, protocol });
  }
};

const isWholeRange = ({ protocol, port_range_min, port_range_max }: RuleMatch): boolean =>
  protocol !== null &&
  hasPorts(protocolNumber(protocol)) &&
  port_range_min === FIRST_PORT &&
  port_range_max === LAST_PORT;

/**
 * Check what a rule matches on and bring it to the form that is stored: ICMP by its right name, the range of all ports
 * as none.
 *
 * @throws ApiError 400, of the kind that says what is wrong
 */
export const storedMatch = <M extends RuleMatch>(given: M): M => {
  const match = { ...given, protocol: forEtherType(given.protocol, given.ethertype) };
  checkRange(match);
  checkFamily(match);
  const remotes = [match.remote_group_id, match.remote_ip_prefix, match.remote_address_group_id];
  if (remotes.filter((remote) => remote !== null).length > 1) {
    throw SecurityGroupMultipleRemoteEntites();
  }
  return isWholeRange(match) ? { ...match, port_range_min: null, port_range_max: null } : match;
};

/** The remote prefix without host bits. */
export const normalizedCidr = (match: Pick<RuleMatch, 'remote_ip_prefix'>): string | null =>
  match.remote_ip_prefix === null ? null : (parseCidr(match.remote_ip_prefix)?.canonical ?? null);

/**
 * Equal for two rules of a group exactly when they let the same through: protocols by number, and the prefix of all
 * addresses as none.
 */
export const fingerprintOf = (match: RuleMatch): string => {
  const prefix = match.remote_ip_prefix === null ? undefined : parseCidr(match.remote_ip_prefix);
  return [
    match.direction,
    match.ethertype,
    match.protocol === null ? '' : protocolNumber(match.protocol),
    match.port_range_min ?? '',
    match.port_range_max ?? '',
    match.remote_group_id ?? '',
    prefix === undefined || prefix.prefix === 0 ? '' : prefix.canonical,
    ...(match.remote_address_group_id === null ? [] : [match.remote_address_group_id]),
  ].join(' ');
};
