import type { Atom, ColumnValue } from '../contract.ts';
import type { AtomicType, ColumnType } from '../schema/database-schema.ts';
import { decodeAtom, decodePair, decodeValue, mapPairs, setMembers } from '../wire/notation.ts';

// Most sets and maps of a real database are empty. They share these two, which diffs replace instead of changing.
const EMPTY_SET: ReadonlySet<Atom> = new Set<Atom>();
const EMPTY_MAP: ReadonlyMap<Atom, Atom> = new Map<Atom, Atom>();
const ZERO_UUID = '00000000-0000-0000-0000-000000000000';

function defaultAtom(type: AtomicType): Atom {
  switch (type) {
    case 'integer':
    case 'real':
      return 0;
    case 'boolean':
      return false;
    case 'string':
      return '';
    case 'uuid':
      return ZERO_UUID;
  }
}

function defaultValue(type: ColumnType): ColumnValue {
  if (type.value !== undefined) return EMPTY_MAP;
  if (type.max !== 1) return EMPTY_SET;
  return type.min === 0 ? undefined : defaultAtom(type.key.type);
}

/** How one column of the replica is read from the wire; made once per column, used for every row. */
export class ColumnCodec {
  readonly name: string;
  readonly type: ColumnType;
  /** The value of a column that an update leaves out (RFC 7047 §5.2.1 insert defaults). */
  readonly defaultValue: ColumnValue;

  constructor(name: string, type: ColumnType) {
    this.name = name;
    this.type = type;
    this.defaultValue = defaultValue(type);
  }

  /** A whole value. */
  decode(wire: unknown): ColumnValue {
    const value = decodeValue(wire, this.type);
    return (value instanceof Set || value instanceof Map) && value.size === 0 ? this.defaultValue : value;
  }

  /**
   * A difference of `update2`/`update3` (ovsdb-server(7), 4.1.14): set members that changed side, map pairs that came,
   * changed or went, and whole values for columns of at most one. Sets and maps are changed in place: the cost is that
   * of the difference. Out: the value after it.
   */
  applyDiff(current: ColumnValue, wire: unknown): ColumnValue {
    if (this.type.max === 1) return this.decode(wire);
    if (this.type.value !== undefined) return this.#applyMapDiff(current, wire, this.type.value.type);
    const type = this.type.key.type;
    const set = current instanceof Set && current !== EMPTY_SET ? current : new Set<Atom>();
    for (const member of setMembers(wire)) {
      const atom = decodeAtom(member, type);
      if (!set.delete(atom)) set.add(atom);
    }
    return set;
  }

  #applyMapDiff(current: ColumnValue, wire: unknown, valueType: AtomicType): ColumnValue {
    const map = current instanceof Map && current !== EMPTY_MAP ? current : new Map<Atom, Atom>();
    for (const pair of mapPairs(wire)) {
      const [key, value] = decodePair(pair, this.type.key.type, valueType);
      if (map.get(key) === value) map.delete(key);
      else map.set(key, value);
    }
    return map;
  }
}
