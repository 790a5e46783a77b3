import type { Atom, ColumnValue } from '../contract.ts';
import type { AtomicType, ColumnType } from '../schema/database-schema.ts';

/** A value from the wire that is not of its column's type (RFC 7047 §5.1). */
export class NotationError extends Error {
  constructor(expected: string, wire: unknown) {
    super(`${expected} expected, got ${JSON.stringify(wire)?.slice(0, 200)}`);
    this.name = 'NotationError';
  }
}

// Keys of maps come from a small vocabulary but are sent with every row: one copy of each is kept. Bounded, because
// some maps are keyed by names that never end.
const KNOWN_KEYS_LIMIT = 4096;
const KNOWN_KEY_LENGTH = 64;
const knownKeys = new Map<string, string>();

function sharedKey(atom: Atom): Atom {
  if (typeof atom !== 'string' || atom.length > KNOWN_KEY_LENGTH) return atom;
  const known = knownKeys.get(atom);
  if (known !== undefined) return known;
  if (knownKeys.size < KNOWN_KEYS_LIMIT) knownKeys.set(atom, atom);
  return atom;
}

/** In: an atom in the notation, its type. Out: the atom as a JavaScript value. Throws {@link NotationError}. */
export function decodeAtom(wire: unknown, type: AtomicType): Atom {
  if (typeof wire === 'string' && type === 'string') return wire;
  if (Array.isArray(wire) && type === 'uuid' && wire.length === 2) {
    const uuid: unknown = wire[1];
    if (wire[0] === 'uuid' && typeof uuid === 'string') return uuid;
  }
  if (typeof wire === 'number' && (type === 'integer' || type === 'real')) return wire;
  if (typeof wire === 'boolean' && type === 'boolean') return wire;
  throw new NotationError(type, wire);
}

/** The members of a set in the notation: `["set", [...]]`, or an atom that stands for a set of one. */
export function setMembers(wire: unknown): readonly unknown[] {
  if (Array.isArray(wire) && wire[0] === 'set' && Array.isArray(wire[1])) return wire[1];
  return [wire];
}

/** The pairs of a map in the notation: `["map", [[key, value], ...]]`. Throws {@link NotationError}. */
export function mapPairs(wire: unknown): readonly unknown[] {
  if (Array.isArray(wire) && wire[0] === 'map' && Array.isArray(wire[1])) return wire[1];
  throw new NotationError('map', wire);
}

/** In: one pair of a map. Out: key and value decoded. Throws {@link NotationError}. */
export function decodePair(pair: unknown, keyType: AtomicType, valueType: AtomicType): readonly [Atom, Atom] {
  if (!Array.isArray(pair) || pair.length !== 2) throw new NotationError('pair', pair);
  return [sharedKey(decodeAtom(pair[0], keyType)), decodeAtom(pair[1], valueType)];
}

/**
 * In: a column's value in the notation of RFC 7047 §5.1, its type. Out: the value as the contract represents it.
 * Throws {@link NotationError}. Sets and maps are new ones, owned by the caller.
 */
export function decodeValue(wire: unknown, type: ColumnType): ColumnValue {
  const { key, value } = type;
  if (value !== undefined) {
    const map = new Map<Atom, Atom>();
    for (const pair of mapPairs(wire)) {
      const [name, atom] = decodePair(pair, key.type, value.type);
      map.set(name, atom);
    }
    return map;
  }
  if (type.max !== 1) {
    const set = new Set<Atom>();
    for (const member of setMembers(wire)) set.add(decodeAtom(member, key.type));
    return set;
  }
  const members = setMembers(wire);
  if (members.length === 1) return decodeAtom(members[0], key.type);
  if (members.length === 0 && type.min === 0) return undefined;
  throw new NotationError(type.min === 0 ? `at most one ${key.type}` : key.type, wire);
}

function encodeAtom(atom: Atom, type: AtomicType): unknown {
  return type === 'uuid' ? ['uuid', atom] : atom;
}

/**
 * In: a value as the contract represents it, the type of its column. Out: its notation. An atom given for a set stands
 * for a set of one, as on the wire; `undefined` is the empty set. Sets of keys are accepted for map columns, because
 * conditions and mutations use them.
 */
export function encodeValue(value: ColumnValue, type: ColumnType): unknown {
  if (value === undefined) return type.value === undefined ? ['set', []] : ['map', []];
  if (value instanceof Set) {
    return ['set', Array.from(value, (member: Atom) => encodeAtom(member, type.key.type))];
  }
  if (value instanceof Map) {
    const valueType = type.value?.type ?? 'string';
    return [
      'map',
      Array.from(value, ([key, atom]: [Atom, Atom]) => [
        encodeAtom(key, type.key.type),
        encodeAtom(atom, valueType),
      ]),
    ];
  }
  if (typeof value === 'object') throw new TypeError('a column value must be an atom, a Set or a Map');
  return encodeAtom(value, type.key.type);
}

/** Whether two values of one column are equal, whatever the order of set members and map pairs. */
export function equalValues(a: ColumnValue, b: ColumnValue): boolean {
  if (a === b) return true;
  if (a instanceof Set && b instanceof Set) {
    if (a.size !== b.size) return false;
    for (const member of a) if (!b.has(member)) return false;
    return true;
  }
  if (a instanceof Map && b instanceof Map) {
    if (a.size !== b.size) return false;
    for (const [key, value] of a) if (b.get(key) !== value) return false;
    return true;
  }
  return false;
}
