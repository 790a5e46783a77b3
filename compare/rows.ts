import { canonical, isArray, isObject, type Json, type JsonObject } from './json.ts';
import type { Masks } from './masks.ts';
import { type Dump, plain, type Row } from './northbound.ts';
import type { SideName } from './sides.ts';

/** What rows of a table are known by, when it is not `name`. */
const keys: { readonly [table: string]: (row: JsonObject) => readonly (Json | undefined)[] } = {
  DHCP_Options: ({ cidr, external_ids: ids }) =>
    isObject(ids) ? [cidr, ids.subnet_id, ids.port_id] : [cidr],
  ACL: ({ direction, priority, match }) => [direction, priority, match],
  QoS: ({ direction, priority, match }) => [direction, priority, match],
  NAT: ({ type, external_ip: outside, logical_ip: inside }) => [type, outside, inside],
  Logical_Router_Static_Route: ({ ip_prefix: prefix, nexthop, output_port: port }) => [prefix, nexthop, port],
  Logical_Router_Policy: ({ priority, match }) => [priority, match],
  HA_Chassis: ({ chassis_name: chassis }) => [chassis],
  DNS: ({ external_ids: ids }) => (isObject(ids) ? [ids.ls_name] : []),
  BFD: ({ logical_port: port, dst_ip: destination }) => [port, destination],
};

/** Columns that OVN fills, not the service. */
const filledByOvn: { readonly [table: string]: readonly string[] } = {
  Logical_Switch_Port: ['up', 'dynamic_addresses'],
  BFD: ['status'],
};

/** Columns and keys whose texts list things in no order: all words, or all after a first one that is a MAC address. */
const unordered: { readonly [name: string]: RegExp } = {
  addresses: / /,
  port_security: / /,
  'neutron:cidrs': / /,
  'neutron:security_group_ids': / /,
  'neutron:subnet_ids': / /,
  'virtual-parents': /,/,
};

const ordered = (value: Json, name: string): Json => {
  const separator = unordered[name];
  if (isObject(value))
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, ordered(each, key)]));
  if (separator === undefined) return value;
  if (isArray(value)) return value.map((each) => ordered(each, name));
  return typeof value === 'string' ? value.split(separator).sort().join(' ') : value;
};

/** Rows of a table by what they are called, masked, each a plain object. */
export type Named = { readonly [table: string]: { readonly [name: string]: JsonObject } };

const keyOf = (table: string, row: JsonObject): string => {
  const key = keys[table]?.(row) ?? (row.name === undefined ? undefined : [row.name]);
  return key?.filter((part) => part !== undefined && canonical(part) !== '[]').join(' ') ?? canonical(row);
};

/** Rows under names that do not depend on ids, so that the two sides' can be laid side by side. */
export const nameRows = (dump: Dump, masks: Masks, side: SideName): Named => {
  const withoutReferences = (row: Row): JsonObject =>
    Object.fromEntries(
      Object.entries(row)
        .filter(([column]) => column !== '_uuid')
        .map(([column, value]) => [
          column,
          masks.value(
            side,
            plain(value, () => '<row>'),
            column,
          ),
        ]),
    );
  const names = new Map<string, string>();
  const tables = Object.entries(dump).map(([table, rows]) => {
    const used = new Map<string, number>();
    const named = rows
      .map((row) => ({ row, content: withoutReferences(row) }))
      .sort((a, b) => (canonical(a.content) < canonical(b.content) ? -1 : 1))
      .map(({ row, content }): readonly [string, Row] => {
        const key = keyOf(table, content);
        const count = (used.get(key) ?? 0) + 1;
        used.set(key, count);
        const name = count === 1 ? key : `${key} #${count}`;
        const uuid = isArray(row._uuid) ? row._uuid[1] : undefined;
        if (typeof uuid === 'string') names.set(uuid, key); // without its number, which says nothing of it
        return [name, row];
      });
    return [table, named] as const;
  });
  const content = (table: string, row: Row): JsonObject =>
    Object.fromEntries(
      Object.entries(row)
        .filter(([column]) => column !== '_uuid' && !filledByOvn[table]?.includes(column))
        .map(([column, value]) => {
          const named = plain(value, (uuid) => `row ${names.get(uuid) ?? '?'}`);
          return [column, ordered(masks.value(side, named, column), column)];
        }),
    );
  return Object.fromEntries(
    tables.map(([table, rows]) => [
      table,
      Object.fromEntries(rows.map(([name, row]) => [name, content(table, row)])),
    ]),
  );
};
