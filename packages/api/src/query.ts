import { canonicalName } from './alias.ts';
import type { ResourceDefinition } from './define.ts';
import { display, displayList } from './display.ts';
import {
  BadRequest,
  HTTPBadRequest,
  InvalidInput,
  TenantIdProjectIdFilterConflict,
} from './errors/request.ts';
import { parseIp } from './ip.ts';
import { isStorable } from './validators/string.ts';
import { parseTimestamp } from './validators/timestamp.ts';
import type { FilterValue } from './value-type.ts';

/**
 * One condition on a list. The values of one filter are alternatives; filters add up.
 *
 * - `equal`: the attribute is one of the values (`null`: it has none).
 * - `member`: a member of the attribute's list is one of the values.
 * - `nested`: one element of the attribute's list has, for every key of `match`, one of its values; a key that ends in
 *   `_substr` asks for a part of the text instead (`ip_address_substr` of `ip_address`).
 */
export type ListFilter =
  | { readonly kind: 'equal'; readonly attribute: string; readonly values: readonly FilterValue[] }
  | { readonly kind: 'member'; readonly attribute: string; readonly values: readonly FilterValue[] }
  | {
      readonly kind: 'nested';
      readonly attribute: string;
      readonly match: { readonly [key: string]: readonly string[] };
    };

/** Conditions on tags: has all of `all`, any of `any`, not all of `notAll`, none of `notAny`. Empty: no condition. */
export interface TagFilters {
  readonly all: readonly string[];
  readonly any: readonly string[];
  readonly notAll: readonly string[];
  readonly notAny: readonly string[];
}

/** A list request, in the terms of the definition and of no SQL dialect. */
export interface ListQuery {
  readonly filters: readonly ListFilter[];
  readonly tagFilters: TagFilters;
  /** Only resources updated at or after this moment, `YYYY-MM-DDTHH:MM:SSZ`. */
  readonly changedSince: string | undefined;
  /** Names that the answer is cut to, as the request spelled them; empty: all. */
  readonly fields: readonly string[];
  /** Order, most significant first; ends with the key so that it is total. */
  readonly sorts: readonly { readonly attribute: string; readonly descending: boolean }[];
  /** Page size; `undefined` for no paging. */
  readonly limit: number | undefined;
  /** Key of the last resource of the page before, or of the first one of the page after when `pageReverse`. */
  readonly marker: string | undefined;
  readonly pageReverse: boolean;
}

/** A query string, decoded, in order: `[['name', 'a'], ['name', 'b']]`. */
export type QueryPairs = Iterable<readonly [name: string, value: string]>;

const NO_TAG_FILTERS: TagFilters = { all: [], any: [], notAll: [], notAny: [] };
const LARGEST_LIMIT = 2 ** 31 - 1;

const invalid = (message: string) => InvalidInput({ message });
const bad = (message: string) => HTTPBadRequest({ message });

const grouped = (pairs: QueryPairs): Map<string, string[]> => {
  const groups = new Map<string, string[]>();
  for (const [name, value] of pairs) {
    if (!isStorable(value))
      throw invalid(`the value of '${display(name)}' has a character that cannot be stored`);
    const values = groups.get(name);
    if (values === undefined) groups.set(name, [value]);
    else values.push(value);
  }
  return groups;
};

/** `ip_address=192.0.2.1` and the like, gathered by key. */
const nestedMatch = (keys: readonly string[], values: readonly string[]): { [key: string]: string[] } => {
  const match: { [key: string]: string[] } = {};
  for (const value of values) {
    const equals = value.indexOf('=');
    const key = value.slice(0, Math.max(equals, 0)).trim();
    if (key === '') throw invalid(`'${display(value)}' is not of the form <key>=[value]`);
    if (!keys.includes(key)) throw bad(`${displayList([key])} is invalid attribute for filtering`);
    const wanted = value.slice(equals + 1).trim();
    match[key] = [...(match[key] ?? []), key === 'ip_address' ? (parseIp(wanted)?.text ?? wanted) : wanted];
  }
  return match;
};

const filterOf = (
  definition: ResourceDefinition,
  name: string,
  values: readonly string[],
): ListFilter | undefined => {
  const attribute = Object.hasOwn(definition.attributes, name) ? definition.attributes[name] : undefined;
  if (attribute?.filter !== true) return undefined;
  const { filterBy, fromQuery } = attribute.type;
  if (typeof filterBy === 'object')
    return { kind: 'nested', attribute: name, match: nestedMatch(filterBy, values) };
  const wanted = values.map((text) => {
    const parsed =
      fromQuery === undefined ? { ok: true as const, value: text } : fromQuery.call(attribute.type, text);
    if (parsed.ok) return parsed.value;
    throw parsed.error ?? bad(`Invalid input for ${name}. Reason: ${parsed.reason}.`);
  });
  return { kind: filterBy === 'member' ? 'member' : 'equal', attribute: name, values: [...new Set(wanted)] };
};

const listFilters = (definition: ResourceDefinition, groups: ReadonlyMap<string, string[]>): ListFilter[] => {
  const filters: ListFilter[] = [];
  const unknown: string[] = [];
  const tenant = groups.get('tenant_id');
  const project = groups.get('project_id');
  if (tenant !== undefined && project !== undefined && tenant.join() !== project.join()) {
    throw TenantIdProjectIdFilterConflict();
  }
  for (const [name, values] of groups) {
    if (name === 'tenant_id' && project !== undefined) continue;
    const filter = filterOf(definition, canonicalName(name), values);
    if (filter === undefined) unknown.push(name);
    else filters.push(filter);
  }
  if (unknown.length > 0) throw bad(`${displayList(unknown)} is invalid attribute for filtering`);
  return filters;
};

const sortsOf = (definition: ResourceDefinition, keys: readonly string[], directions: readonly string[]) => {
  if (keys.length !== directions.length) throw bad('The number of sort_keys and sort_dirs must be same');
  const absent = keys.filter((key) => {
    const name = canonicalName(key);
    return !Object.hasOwn(definition.attributes, name) || definition.attributes[name]?.sort !== true;
  });
  if (absent.length > 0) throw bad(`${displayList(absent)} is invalid attribute for sort_keys`);
  const wrong = directions.filter((direction) => direction !== 'asc' && direction !== 'desc');
  if (wrong.length > 0) {
    throw bad(`${displayList(wrong)} is invalid value for sort_dirs, valid value is 'asc' and 'desc'`);
  }
  const sorts = keys.map((key, index) => ({
    attribute: canonicalName(key),
    descending: directions[index] === 'desc',
  }));
  const last = definition.key ?? 'id';
  if (!sorts.some((sort) => sort.attribute === last)) sorts.push({ attribute: last, descending: false });
  return sorts;
};

const limitOf = (text: string | undefined, largest: number): number | undefined => {
  if (text !== undefined && !/^\s*\+?\d+\s*$/.test(text)) {
    const msg = `Limit must be an integer 0 or greater and not '${display(text)}'`;
    throw BadRequest({ resource: 'limit', msg });
  }
  const asked = Math.min(Number(text ?? 0) || largest, largest);
  return Number.isFinite(asked) ? Math.min(asked, LARGEST_LIMIT) : undefined;
};

const tagFiltersOf = (take: (name: string) => string[]): TagFilters => {
  const split = (name: string): string[] => [...new Set(take(name).flatMap((value) => value.split(',')))];
  return {
    all: split('tags'),
    any: split('tags-any'),
    notAll: split('not-tags'),
    notAny: split('not-tags-any'),
  };
};

const changedSinceOf = (values: readonly string[]): string | undefined => {
  const text = values[0];
  if (text === undefined) return undefined;
  const moment = parseTimestamp(text);
  if (moment.ok) return moment.value;
  throw invalid('The input changed_since must be in the following format: YYYY-MM-DDTHH:MM:SSZ');
};

/**
 * Read the query of a list request.
 *
 * @param options.maxLimit largest page (`pagination_max_limit`); unlimited unless given
 * @throws ApiError 400 for an unknown filter, sort key or direction, a limit that is no natural number, or a value that
 *   the attribute's type cannot compare with
 */
export const parseListQuery = (
  definition: ResourceDefinition,
  pairs: QueryPairs,
  options: { readonly maxLimit?: number } = {},
): ListQuery => {
  const groups = grouped(pairs);
  const take = (name: string): string[] => {
    const values = groups.get(name) ?? [];
    groups.delete(name);
    return values;
  };
  const fields = take('fields').filter((field) => field !== '');
  const keys = take('sort_key').filter((key) => key !== '');
  const directions = take('sort_dir').filter((direction) => direction !== '');
  const limit = limitOf(take('limit').at(-1), options.maxLimit ?? Number.POSITIVE_INFINITY);
  const marker = take('marker').at(-1);
  const pageReverse = take('page_reverse').at(-1)?.toLowerCase() === 'true';
  const tagFilters = definition.taggable === true ? tagFiltersOf(take) : NO_TAG_FILTERS;
  const changedSince = definition.extraFilters?.includes('changed_since')
    ? changedSinceOf(take('changed_since'))
    : undefined;
  return {
    filters: listFilters(definition, groups),
    tagFilters,
    changedSince,
    fields: [...new Set(fields)],
    sorts: sortsOf(definition, keys, directions),
    limit,
    marker: limit === undefined ? undefined : marker,
    pageReverse,
  };
};
