const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const SPACE = 0x20;

/** Containers inside this many others are read when they are asked for: rows, in replies and in notifications. */
const DEFERRED_DEPTH = 4;

type JsonObject = { [member: string]: unknown };

/**
 * As `JSON.parse`, for a large object whose parts are used one after the other: members that are objects or arrays and
 * lie deep inside are parsed at each access, from the bytes. A snapshot of many rows then never exists as a tree of
 * values, which would take several times the memory of the replica that is made from it.
 *
 * In: the bytes of one JSON text; they must not change. Throws `SyntaxError` for text that is not JSON, at access where
 * it lies inside a deferred part.
 */
export function parseLargeMessage(bytes: Buffer): unknown {
  const reader = new Reader(bytes);
  const value = reader.value(0);
  reader.expectEnd();
  return value;
}

class Reader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  value(depth: number): unknown {
    const byte = this.#next();
    if (depth < DEFERRED_DEPTH) {
      if (byte === OPEN_BRACE) return this.#object(depth);
      if (byte === OPEN_BRACKET) return this.#array(depth);
    }
    const start = this.#at;
    return parseRange(this.#bytes, start, this.#skipValue());
  }

  expectEnd(): void {
    if (this.#next() !== undefined) throw this.#unexpected();
  }

  #object(depth: number): JsonObject {
    const result: JsonObject = {};
    this.#at += 1;
    if (this.#accept(CLOSE_BRACE)) return result;
    do {
      if (this.#next() !== QUOTE) throw this.#unexpected();
      const name = parseRange(this.#bytes, this.#at, this.#skipValue());
      if (!this.#accept(COLON)) throw this.#unexpected();
      this.#define(result, String(name), depth + 1);
    } while (this.#accept(COMMA));
    if (!this.#accept(CLOSE_BRACE)) throw this.#unexpected();
    return result;
  }

  #define(target: JsonObject, name: string, depth: number): void {
    const byte = this.#next();
    const shape = { enumerable: true, configurable: true };
    if (depth < DEFERRED_DEPTH || (byte !== OPEN_BRACE && byte !== OPEN_BRACKET)) {
      Object.defineProperty(target, name, { ...shape, writable: true, value: this.value(depth) });
      return;
    }
    const bytes = this.#bytes;
    const start = this.#at;
    const end = this.#skipValue();
    Object.defineProperty(target, name, { ...shape, get: () => parseRange(bytes, start, end) });
  }

  #array(depth: number): unknown[] {
    const result: unknown[] = [];
    this.#at += 1;
    if (this.#accept(CLOSE_BRACKET)) return result;
    do result.push(this.value(depth + 1));
    while (this.#accept(COMMA));
    if (!this.#accept(CLOSE_BRACKET)) throw this.#unexpected();
    return result;
  }

  /** The next byte that is not blank; `undefined` at the end. */
  #next(): number | undefined {
    const bytes = this.#bytes;
    while (this.#at < bytes.length && (bytes[this.#at] ?? 0) <= SPACE) this.#at += 1;
    return bytes[this.#at];
  }

  #accept(byte: number): boolean {
    if (this.#next() !== byte) return false;
    this.#at += 1;
    return true;
  }

  /** Move to after the value that starts here: brackets are counted, what is between them is for `JSON.parse`. */
  #skipValue(): number {
    const bytes = this.#bytes;
    const length = bytes.length;
    let depth = 0;
    let at = this.#at;
    while (at < length) {
      const byte = bytes[at];
      if (byte === QUOTE) {
        at = stringEnd(bytes, at + 1);
        if (depth === 0) break;
        continue;
      }
      if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
        depth += 1;
      } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
        if (depth === 0) break;
        depth -= 1;
        if (depth === 0) {
          at += 1;
          break;
        }
      } else if (depth === 0 && (byte === COMMA || byte === COLON)) {
        break;
      }
      at += 1;
    }
    this.#at = at;
    return at;
  }

  #unexpected(): SyntaxError {
    return new SyntaxError(`unexpected byte at position ${this.#at} of a large message`);
  }
}

/** Position after the quote that ends a string, or after the last byte. */
function stringEnd(bytes: Buffer, start: number): number {
  const length = bytes.length;
  let at = start;
  while (at < length) {
    const byte = bytes[at];
    if (byte === QUOTE) return at + 1;
    at += byte === BACKSLASH ? 2 : 1;
  }
  return length;
}

function parseRange(bytes: Buffer, start: number, end: number): unknown {
  return JSON.parse(bytes.toString('utf8', start, end));
}
