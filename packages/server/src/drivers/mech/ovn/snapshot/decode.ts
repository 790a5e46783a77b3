import { parseCidr } from '@ovenbird/api';
import type { RouteState } from '../routing-state.ts';
import type { AddressPairState, DhcpOptState } from '../state.ts';

type JsonObject = { readonly [key: string]: unknown };

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const listOf = (json: string): readonly unknown[] => {
  const value: unknown = JSON.parse(json);
  return Array.isArray(value) ? value : [];
};

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** JSON columns of SQL, written by this service, in the form that the mapping reads. */
export const decodeTexts = (json: string): readonly string[] =>
  json === '[]' ? [] : listOf(json).filter((entry) => typeof entry === 'string');

export const decodeObject = (json: string): JsonObject => {
  if (json === '' || json === '{}') return {};
  const value: unknown = JSON.parse(json);
  return isObject(value) ? value : {};
};

export const decodeRoutes = (json: string): readonly RouteState[] =>
  json === '[]'
    ? []
    : listOf(json)
        .filter(isObject)
        .map((route) => ({ destination: text(route.destination), nexthop: text(route.nexthop) }));

export const decodeDhcpOpts = (json: string): readonly DhcpOptState[] =>
  json === '[]'
    ? []
    : listOf(json)
        .filter(isObject)
        .map((opt) => ({
          name: text(opt.opt_name),
          value: text(opt.opt_value),
          ipVersion: opt.ip_version === 6 ? 6 : 4,
        }));

export const decodePair = (row: { mac_address: string; ip_address: string }): AddressPairState => ({
  mac: row.mac_address,
  address: row.ip_address,
});

/** A rule's prefix without host bits; undefined when the rule has none. Throws TypeError when SQL holds no prefix. */
export function decodePrefix(stored: string | null): string | undefined {
  if (stored === null || stored === '') return undefined;
  const full = stored.includes('/') ? stored : `${stored}/${stored.includes(':') ? 128 : 32}`;
  const cidr = parseCidr(full);
  if (cidr === undefined) throw new TypeError(`no prefix: ${JSON.stringify(stored)}`);
  return cidr.canonical;
}

/** Rows by the value of one column, in their order. */
export function grouped<R, K extends keyof R>(
  rows: readonly R[],
  column: K,
): ReadonlyMap<R[K], readonly R[]> {
  const groups = new Map<R[K], R[]>();
  for (const row of rows) {
    const group = groups.get(row[column]);
    if (group === undefined) groups.set(row[column], [row]);
    else group.push(row);
  }
  return groups;
}
