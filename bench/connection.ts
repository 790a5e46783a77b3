import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** One answer of a service: its status and the bytes of its body. */
export interface Received {
  readonly status: number;
  readonly body: Buffer;
}

const HEAD_END = '\r\n\r\n';
const STATUS_AT = 'HTTP/1.1 '.length;
const LENGTH = /\r\ncontent-length: (\d+)/i;

/**
 * A kept connection of HTTP/1.1 that carries one request at a time. It does what a client must and nothing more, as
 * generators of load do: what it takes of the processor is missing to the service on the same machine.
 */
export class Connection implements Disposable {
  readonly #socket: Socket;
  #received: Buffer[] = [];
  #bytes = 0;
  /** Bytes of head and body together, once the head is there. */
  #expected: number | undefined;
  #head = '';
  #bodyAt = 0;
  #waiting: PromiseWithResolvers<Received> | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    socket.on('error', (error) => this.#waiting?.reject(error));
    socket.on('close', () => this.#waiting?.reject(new Error('the service closed the connection')));
  }

  static async open(host: string, port: number): Promise<Connection> {
    const socket = connect(port, host);
    await once(socket, 'connect');
    return new Connection(socket);
  }

  /** @param message head and body as sent */
  exchange(message: string): Promise<Received> {
    this.#waiting = Promise.withResolvers<Received>();
    this.#socket.write(message);
    return this.#waiting.promise;
  }

  get open(): boolean {
    return !this.#socket.destroyed;
  }

  #receive(chunk: Buffer): void {
    this.#received.push(chunk);
    this.#bytes += chunk.length;
    if (this.#expected === undefined) this.#readHead();
    if (this.#expected === undefined || this.#bytes < this.#expected) return;
    const [only, ...more] = this.#received;
    const whole = only !== undefined && more.length === 0 ? only : Buffer.concat(this.#received);
    const status = Number(this.#head.slice(STATUS_AT, STATUS_AT + 3));
    this.#received = [];
    this.#bytes = 0;
    this.#expected = undefined;
    this.#waiting?.resolve({ status, body: whole.subarray(this.#bodyAt) });
  }

  #readHead(): void {
    const bytes = this.#received.length === 1 ? this.#received[0] : Buffer.concat(this.#received);
    const end = bytes?.indexOf(HEAD_END) ?? -1;
    if (bytes === undefined || end === -1) return;
    this.#head = bytes.toString('latin1', 0, end);
    this.#bodyAt = end + HEAD_END.length;
    // An answer without a length has no body here: 204.
    this.#expected = this.#bodyAt + Number(LENGTH.exec(this.#head)?.[1] ?? 0);
  }

  [Symbol.dispose](): void {
    this.#socket.destroy();
  }
}
