// As much of PostgreSQL's protocol, version 3, as it takes to stand between a client and a server.

/** One message: its type, absent in the first one of a client, and all its bytes. */
export interface WireMessage {
  readonly type: string;
  readonly bytes: Buffer;
}

/** Cuts a stream of bytes into messages. */
export class WireFramer {
  #rest: Buffer = Buffer.alloc(0);
  #first: boolean;

  /** @param startup whether the stream begins with the untyped message of a client */
  constructor(startup: boolean) {
    this.#first = startup;
  }

  push(chunk: Buffer): readonly WireMessage[] {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    const messages: WireMessage[] = [];
    for (;;) {
      const start = this.#first ? 0 : 1;
      if (this.#rest.length < start + 4) return messages;
      const length = start + this.#rest.readInt32BE(start);
      if (this.#rest.length < length) return messages;
      const type = this.#first ? 'startup' : String.fromCharCode(this.#rest[0] ?? 0);
      messages.push({ type, bytes: this.#rest.subarray(0, length) });
      this.#rest = this.#rest.subarray(length);
      this.#first = false;
    }
  }
}

const message = (type: string, body: Buffer): Buffer => {
  const head = Buffer.alloc(5);
  head.write(type);
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
};

/** An error of the server with this SQLSTATE, and that it is ready again within a failed transaction. */
export const errorAnswer = (sqlstate: string): Buffer =>
  Buffer.concat([
    message('E', Buffer.from(`SERROR\0VERROR\0C${sqlstate}\0Mmade by a test\0\0`)),
    message('Z', Buffer.from('E')),
  ]);
