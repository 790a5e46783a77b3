import { parseLargeMessage } from './large-message.ts';

/** The byte stream is not a sequence of JSON objects, or one of them is larger than allowed. The link is lost. */
export class FramingError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'FramingError';
  }
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const SPACE = 0x20;

/** From here on, parts of a message are parsed when they are used. */
const LARGE_BYTES = 1024 * 1024;
const DEFAULT_MAX_MESSAGE_BYTES = 256 * 1024 * 1024;

/**
 * Cuts a byte stream into JSON objects, which OVSDB sends one after the other without a separator.
 *
 * A message is decoded when its last byte is there: the cost is linear in bytes however they are split, and characters split across chunks survive. Brackets are counted, not matched: what
 * is between them is for `JSON.parse` to judge.
 */
export class MessageFramer {
  readonly #maxMessageBytes: number;
  #held: Buffer[] = [];
  #heldBytes = 0;
  #depth = 0;
  #inString = false;
  #escaped = false;

  constructor(maxMessageBytes: number = DEFAULT_MAX_MESSAGE_BYTES) {
    this.#maxMessageBytes = maxMessageBytes;
  }

  /** Bytes of an unfinished message that are kept. */
  get heldBytes(): number {
    return this.#heldBytes;
  }

  /**
   * In: the next bytes. Out: the messages that they complete, parsed, in order. Large messages
   * must not be changed; their parts may throw `SyntaxError` when read ({@link parseLargeMessage}).
   * Throws {@link FramingError} for something else than objects, an object that is not JSON, or one that is too large.
   */
  *push(chunk: Buffer): Generator<unknown, void, void> {
    let start = 0;
    while (start < chunk.length) {
      if (this.#depth === 0) {
        start = skipBlanks(chunk, start);
        if (start === chunk.length) return;
        if (chunk[start] !== OPEN_BRACE) throw new FramingError('a message must be a JSON object');
      }
      const end = this.#scan(chunk, start);
      const bytes = this.#heldBytes + (end === -1 ? chunk.length : end) - start;
      if (bytes > this.#maxMessageBytes) {
        throw new FramingError(`a message exceeds ${this.#maxMessageBytes} bytes`);
      }
      if (end === -1) {
        this.#held.push(start === 0 ? chunk : chunk.subarray(start));
        this.#heldBytes = bytes;
        return;
      }
      yield parse(this.#take(chunk, start, end));
      start = end;
    }
  }

  /** The message that ends at `end`; forgets what was held of it. */
  #take(chunk: Buffer, start: number, end: number): Buffer {
    if (this.#held.length === 0) return chunk.subarray(start, end);
    const parts = [...this.#held, chunk.subarray(start, end)];
    const message = Buffer.concat(parts, this.#heldBytes + end - start);
    this.#held = [];
    this.#heldBytes = 0;
    return message;
  }

  /** Position after the byte that closes the object, or -1 when it is not in this chunk. */
  #scan(chunk: Buffer, start: number): number {
    const length = chunk.length;
    let depth = this.#depth;
    let at = start;
    if (this.#inString) {
      at = this.#scanString(chunk, at);
      if (at === -1) return -1;
    }
    while (at < length) {
      const byte = chunk[at];
      at += 1;
      if (byte === QUOTE) {
        at = this.#scanString(chunk, at);
        if (at === -1) {
          this.#depth = depth;
          return -1;
        }
      } else if (byte === OPEN_BRACKET || byte === OPEN_BRACE) {
        depth += 1;
      } else if (byte === CLOSE_BRACKET || byte === CLOSE_BRACE) {
        depth -= 1;
        if (depth === 0) {
          this.#depth = 0;
          return at;
        }
      }
    }
    this.#depth = depth;
    return -1;
  }

  /** Position after the quote that ends the string, or -1 when it is not in this chunk. */
  #scanString(chunk: Buffer, start: number): number {
    const length = chunk.length;
    let at = start;
    if (this.#escaped && at < length) {
      at += 1;
      this.#escaped = false;
    }
    while (at < length) {
      const byte = chunk[at];
      at += 1;
      if (byte === QUOTE) {
        this.#inString = false;
        return at;
      }
      if (byte === BACKSLASH) {
        if (at === length) this.#escaped = true;
        at += 1;
      }
    }
    this.#inString = true;
    return -1;
  }
}

function skipBlanks(chunk: Buffer, start: number): number {
  let at = start;
  while (at < chunk.length && (chunk[at] ?? 0) <= SPACE) at += 1;
  return at;
}

function parse(bytes: Buffer): unknown {
  try {
    return bytes.length > LARGE_BYTES ? parseLargeMessage(bytes) : JSON.parse(bytes.toString());
  } catch (error) {
    throw new FramingError(
      `a message is not JSON: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
