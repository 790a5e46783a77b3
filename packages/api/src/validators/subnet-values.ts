import { display, displayList } from '../display.ts';
import { accepted, type Parsed, refused, type ValueType } from '../value-type.ts';
import { parseRouteCidr } from './cidr.ts';
import { isDict } from './dict.ts';
import { parseIpAddress } from './ip-address.ts';

/** A range of addresses that IPAM may hand out, both ends included. */
export interface AllocationPool {
  readonly start: string;
  readonly end: string;
}

/** A route that DHCP hands out. */
export interface HostRoute {
  readonly destination: string;
  readonly nexthop: string;
}

/** Check that a value is an object with exactly these keys. */
const exactKeys = (value: unknown, keys: readonly string[]): Parsed<{ readonly [key: string]: unknown }> => {
  if (!isDict(value)) {
    return refused(`Invalid input. '${display(value)}' must be a dictionary with keys: ${displayList(keys)}`);
  }
  const provided = Object.keys(value);
  if (provided.length === keys.length && keys.every((key) => Object.hasOwn(value, key)))
    return accepted(value);
  return refused(
    `Validation of dictionary's keys failed. Expected keys: ${displayList(keys)} Provided keys: ${displayList(provided)}`,
  );
};

const parsePool = (value: unknown): Parsed<AllocationPool> => {
  const given = exactKeys(value, ['start', 'end']);
  if (!given.ok) return given;
  const start = parseIpAddress(given.value.start);
  if (!start.ok) return start;
  const end = parseIpAddress(given.value.end);
  return end.ok ? accepted({ start: start.value, end: end.value }) : end;
};

const parseRoute = (value: unknown): Parsed<HostRoute> => {
  const given = exactKeys(value, ['destination', 'nexthop']);
  if (!given.ok) return given;
  const destination = parseRouteCidr(given.value.destination);
  if (!destination.ok) return destination;
  const nexthop = parseIpAddress(given.value.nexthop);
  return nexthop.ok ? accepted({ destination: destination.value, nexthop: nexthop.value }) : nexthop;
};

/** Parse each item; the first refusal is the answer. */
export const parseEach = <T>(items: readonly unknown[], parse: (item: unknown) => Parsed<T>): Parsed<T[]> => {
  const values: T[] = [];
  for (const item of items) {
    const parsed = parse(item);
    if (!parsed.ok) return parsed;
    values.push(parsed.value);
  }
  return accepted(values);
};

/** Allocation pools with canonical addresses; order and bounds are IPAM's to check. Null means none. */
export const allocationPools: ValueType<readonly AllocationPool[]> = {
  name: 'allocation pools',
  schema: {
    type: 'array',
    items: {
      type: 'object',
      properties: { start: { type: 'string' }, end: { type: 'string' } },
      required: ['start', 'end'],
      additionalProperties: false,
    },
  },
  parse: (value) => {
    if (value === null) return accepted([]);
    if (!Array.isArray(value)) return refused(`Invalid data format for IP pool: '${display(value)}'`);
    return parseEach(value, parsePool);
  },
};

/** Different name server addresses, in order. Null means none. */
export const nameservers: ValueType<readonly string[]> = {
  name: 'nameservers',
  schema: { type: 'array', items: { type: 'string' }, uniqueItems: true },
  parse: (value) => {
    if (value === null) return accepted([]);
    if (!Array.isArray(value)) return refused(`Invalid data format for nameserver: '${display(value)}'`);
    const seen = new Set<string>();
    return parseEach(value, (item) => {
      const host = parseIpAddress(item);
      if (!host.ok) return refused(`'${display(item)}' is not a valid nameserver. ${host.reason}`);
      if (seen.has(host.value)) return refused(`Duplicate nameserver '${host.value}'`);
      seen.add(host.value);
      return host;
    });
  },
};

/** Different host routes. Null means none. */
export const hostRoutes: ValueType<readonly HostRoute[]> = {
  name: 'host routes',
  schema: {
    type: 'array',
    items: {
      type: 'object',
      properties: { destination: { type: 'string' }, nexthop: { type: 'string' } },
      required: ['destination', 'nexthop'],
      additionalProperties: false,
    },
  },
  parse: (value) => {
    if (value === null) return accepted([]);
    if (!Array.isArray(value)) return refused(`Invalid data format for hostroute: '${display(value)}'`);
    const seen = new Set<string>();
    return parseEach(value, (item) => {
      const route = parseRoute(item);
      if (!route.ok) return route;
      const key = `${route.value.destination} ${route.value.nexthop}`;
      if (seen.has(key)) return refused(`Duplicate hostroute '${display(item)}'`);
      seen.add(key);
      return route;
    });
  },
};
