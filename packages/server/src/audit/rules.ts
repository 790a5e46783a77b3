import { type Cidr, parseCidr } from '@ovenbird/api';
import type { Reader } from '../db/database.ts';
import { protocolNumber } from '../resources/security-group/protocols.ts';
import type { RuleMatch } from '../resources/security-group/rule-match.ts';

/** What a rule of a security group lets through, in a form that can be compared. */
export interface RuleReach {
  readonly id: string;
  readonly group: string;
  readonly direction: string;
  readonly version: 4 | 6;
  /** IANA number; undefined: all. */
  readonly protocol: number | undefined;
  /** Ports, or ICMP type and code. */
  readonly min: number | null;
  readonly max: number | null;
  /** The far end: a prefix, or whatever a group names; undefined: everybody. */
  readonly prefix: Cidr | undefined;
  readonly remoteGroup: string | undefined;
  readonly remoteAddressGroup: string | undefined;
  readonly createdAt: string;
}

interface RuleRow extends RuleMatch {
  readonly id: string;
  readonly group: string;
  readonly created_at: string;
}

const reachOf = (row: RuleRow): RuleReach => {
  const prefix = row.remote_ip_prefix === null ? undefined : parseCidr(row.remote_ip_prefix);
  return {
    id: row.id,
    group: row.group,
    direction: row.direction,
    version: row.ethertype === 'IPv6' ? 6 : 4,
    protocol: row.protocol === null || row.protocol === 'any' ? undefined : protocolNumber(row.protocol),
    min: row.port_range_min,
    max: row.port_range_max,
    prefix: prefix?.prefix === 0 ? undefined : prefix,
    remoteGroup: row.remote_group_id ?? undefined,
    remoteAddressGroup: row.remote_address_group_id ?? undefined,
    createdAt: row.created_at,
  };
};

const matchColumns = [
  'id',
  'direction',
  'ethertype',
  'protocol',
  'port_range_min',
  'port_range_max',
  'remote_group_id',
  'remote_address_group_id',
  'remote_ip_prefix',
  'created_at',
] as const;

/** All rules of security groups, the older ones first. */
export const allRules = async ({ query }: Reader): Promise<readonly RuleReach[]> => {
  const rows = await query
    .selectFrom('security_group_rules')
    .select(matchColumns)
    .select('security_group_id as group')
    .orderBy('created_at')
    .orderBy('id')
    .execute();
  return rows.map(reachOf);
};

/** What rules of new groups are made from; their group is empty. */
export const templateRules = async ({ query }: Reader): Promise<readonly RuleReach[]> => {
  const rows = await query.selectFrom('default_security_group_rules').select(matchColumns).execute();
  return rows.map((row) => reachOf({ ...row, group: '' }));
};

/** Prefixes at least this wide are taken for the world: no site owns one. */
const WORLD_BITS = { 4: 7, 6: 15 } as const;
/** Addresses that are not of the world whatever their prefix: unique local ones (RFC 4193). */
const LOCAL_FIRST_OCTET = 0xfcn;

const isWorldWide = ({ version, prefix, network }: Cidr): boolean => {
  if (prefix > WORLD_BITS[version]) return false;
  return version === 4 || prefix < 7 || (network.value >> 120n) >> 1n !== LOCAL_FIRST_OCTET >> 1n;
};

/** Address groups that hold the world, or that much of it. */
export const worldAddressGroups = async ({ query }: Reader): Promise<ReadonlySet<string>> => {
  const rows = await query
    .selectFrom('address_group_addresses')
    .select(['address_group_id', 'address'])
    .where((eb) => eb.or(Array.from({ length: 16 }, (_, bits) => eb('address', 'like', `%/${bits}`))))
    .execute();
  const wide = rows.filter(({ address }) => {
    const cidr = parseCidr(address);
    return cidr !== undefined && isWorldWide(cidr);
  });
  return new Set(wide.map(({ address_group_id }) => address_group_id));
};

/** Whether a rule lets in whoever is on the Internet. */
export const isFromWorld = (rule: RuleReach, worldGroups: ReadonlySet<string>): boolean => {
  if (rule.direction !== 'ingress' || rule.remoteGroup !== undefined) return false;
  if (rule.remoteAddressGroup !== undefined) return worldGroups.has(rule.remoteAddressGroup);
  return rule.prefix === undefined || isWorldWide(rule.prefix);
};

/** `IPv4 from 0.0.0.0/0`. */
export const originText = ({ version, prefix, remoteAddressGroup }: RuleReach): string =>
  remoteAddressGroup === undefined
    ? `IPv${version} from ${prefix?.canonical ?? (version === 4 ? '0.0.0.0/0' : '::/0')}`
    : `IPv${version} from address group ${remoteAddressGroup}`;
