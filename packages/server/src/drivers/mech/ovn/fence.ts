import { randomBytes } from 'node:crypto';
import type { NorthboundTables } from '@ovenbird/ovn-db';
import type { Operation, Operations } from '@ovenbird/ovsdb';
import type { Northbound } from './databases.ts';
import { rowUuid } from './ids.ts';
import { keyText, type OvnKey } from './key.ts';

type NorthboundOperations = Operations<NorthboundTables>;

/**
 * What tells processes that write to one Northbound database of each other: a token for each of the classes that keys
 * fall into, changed by every transaction about such a key. Undefined while only one process writes.
 */
export type Fence = ReadonlyMap<string, string> | undefined;

// Among the tables that northd follows, address sets are the ones whose change makes it work out nothing else anew.
const TABLE = 'Address_Set';
const NAME = 'ovenbird_fence';
const uuid = rowUuid(TABLE, NAME);
/** Whether this row, of whatever table, is what processes tell each other. */
export const isFence = (candidate: { readonly _uuid: string }): boolean => candidate._uuid === uuid;
const row = [['_uuid', '==', uuid]] as const;
/** Keys of one class disturb each other for nothing; each class makes the row longer. */
const CLASSES = 1_024;

const FNV_BASIS = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** The class of a key: the same in every process, so it may not change from one version to the next. */
const classOf = (key: OvnKey): string => {
  const text = keyText(key);
  let hash = FNV_BASIS;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), FNV_PRIME);
  return String((hash >>> 0) % CLASSES);
};

const TOKEN_BYTES = 8;
/** Never used before, by anybody. */
const token = (): string => randomBytes(TOKEN_BYTES).toString('base64url');

const current = (nb: Northbound): Fence => nb[TABLE].get(uuid)?.external_ids;

/** The tokens of now. Taken before SQL is read, they stand for the age of what is read then. */
export const fenceOf = (nb: Northbound): Fence => {
  const now = current(nb);
  // The replica changes its maps in place.
  return now && new Map(now);
};

/** Whether the replica shows that somebody else has written one of these keys since `seen`, or that the fence came or went. */
export const isPassed = (seen: Fence, nb: Northbound, keys: readonly OvnKey[]): boolean => {
  const now = current(nb);
  if (seen === undefined || now === undefined) return seen !== now;
  return keys.map(classOf).some((each) => seen.get(each) !== now.get(each));
};

/**
 * Operations that make a transaction about `keys` fail (`TimedOutError`) when somebody else has written one of them since
 * `seen`, and let nobody else write what is older than it.
 */
export const guardKeys = (
  ops: NorthboundOperations,
  seen: Fence,
  keys: readonly OvnKey[],
): readonly Operation[] => {
  if (seen === undefined) return [ops.wait(TABLE, row, ['name'], '==', [])];
  const classes = new Set(keys.map(classOf));
  const before = new Map([...classes].map((each) => [each, seen.get(each) ?? '']));
  const after = new Map([...classes].map((each) => [each, token()]));
  return [
    ops.wait(TABLE, [...row, ['external_ids', 'includes', before]], ['name'], '==', [{ name: NAME }]),
    ops.mutate(TABLE, row, [
      ['external_ids', 'delete', classes],
      ['external_ids', 'insert', after],
    ]),
  ];
};

/**
 * The operation that lets processes write side by side from now on, or mends what somebody took out of the fence; undefined
 * when nothing is to be done. Fails (`OvsdbError`) when somebody else was first.
 *
 * @param shared whether there may be others
 */
export const raiseFence = (
  ops: NorthboundOperations,
  nb: Northbound,
  shared: boolean,
): Operation | undefined => {
  const now = current(nb);
  if (now === undefined ? !shared : now.size >= CLASSES) return undefined;
  const tokens = new Map(Array.from({ length: CLASSES }, (_, index) => [String(index), token()]));
  // What is there keeps its token.
  return now === undefined
    ? ops.insert(TABLE, uuid, { name: NAME, external_ids: tokens })
    : ops.mutate(TABLE, row, [['external_ids', 'insert', tokens]]);
};

/** Only one process is left that writes. */
export const lowerFence = (ops: NorthboundOperations): Operation => ops.delete(TABLE, row);
