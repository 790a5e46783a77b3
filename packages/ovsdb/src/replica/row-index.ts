import type { DynamicRow } from './dynamic-row.ts';

export type DynamicIndexKey = (row: DynamicRow) => string | readonly string[] | undefined;

const NO_ROWS: readonly DynamicRow[] = [];
const NO_KEYS: readonly string[] = [];

function sameKeys(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((key, at) => key === b[at]);
}

/**
 * Rows by computed key. The keys that a row was filed under are kept, so a change costs its own keys, not a search.
 * Most keys have one row, which is then held without a set around it.
 */
export class RowIndex {
  readonly #keyOf: DynamicIndexKey;
  readonly #rows = new Map<string, DynamicRow | Set<DynamicRow>>();
  readonly #keys = new Map<DynamicRow, string | readonly string[]>();

  constructor(keyOf: DynamicIndexKey) {
    this.#keyOf = keyOf;
  }

  find(key: string): readonly DynamicRow[] {
    const held = this.#rows.get(key);
    if (held === undefined) return NO_ROWS;
    return held instanceof Set ? [...held] : [held];
  }

  /** File a new row, or one that changed, under its present keys. */
  refresh(row: DynamicRow): void {
    const computed = this.#keyOf(row);
    const before = this.#keys.get(row);
    if (computed === before) return;
    const keys = computed === undefined ? NO_KEYS : typeof computed === 'string' ? [computed] : [...computed];
    const old = before === undefined ? NO_KEYS : typeof before === 'string' ? [before] : before;
    if (sameKeys(keys, old)) return;
    for (const key of old) this.#unfile(key, row);
    for (const key of keys) this.#file(key, row);
    if (keys.length === 0) this.#keys.delete(row);
    else this.#keys.set(row, typeof computed === 'string' ? computed : keys);
  }

  remove(row: DynamicRow): void {
    const before = this.#keys.get(row);
    if (before === undefined) return;
    for (const key of typeof before === 'string' ? [before] : before) this.#unfile(key, row);
    this.#keys.delete(row);
  }

  #file(key: string, row: DynamicRow): void {
    const held = this.#rows.get(key);
    if (held === undefined) this.#rows.set(key, row);
    else if (held instanceof Set) held.add(row);
    else if (held !== row) this.#rows.set(key, new Set([held, row]));
  }

  #unfile(key: string, row: DynamicRow): void {
    const held = this.#rows.get(key);
    if (held === row) {
      this.#rows.delete(key);
    } else if (held instanceof Set) {
      held.delete(row);
      if (held.size === 0) this.#rows.delete(key);
    }
  }
}
