import type { Socket } from 'node:net';
import { parseError } from '../wire/errors.ts';
import { MessageFramer } from '../wire/framer.ts';
import { classify, notificationText, type RpcMessage, replyText, requestText } from '../wire/json-rpc.ts';

/** The link ended before the answer came. */
export class LinkLostError extends Error {
  constructor(options?: ErrorOptions) {
    super('the link to the server was lost', options);
    this.name = 'LinkLostError';
  }
}

export interface LinkOptions {
  /** Idle ms before an echo is sent; twice that without any byte ends the link. 0: never. */
  readonly probeIntervalMs: number;
  readonly onNotification: (method: string, params: readonly unknown[]) => void;
}

interface PendingRequest {
  /** Called in the turn in which the reply is read, before later messages are. */
  readonly settle: (result: unknown, error: unknown) => void;
  readonly fail: (reason: Error) => void;
}

/** One JSON-RPC connection. Messages are handled strictly in the order in which they arrive. */
export class Link {
  readonly #socket: Socket;
  readonly #framer = new MessageFramer();
  readonly #options: LinkOptions;
  readonly #pending = new Map<number, PendingRequest>();
  readonly #ended = Promise.withResolvers<Error>();
  #nextId = 1;
  #open = true;
  #lastByteAt = performance.now();
  #probe: NodeJS.Timeout | undefined;
  #echoSentAt: number | undefined;

  /** In: a connected socket, which the link owns from now on. */
  constructor(socket: Socket, options: LinkOptions) {
    this.#socket = socket;
    this.#options = options;
    socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    socket.on('error', (error) => this.close(error));
    socket.on('close', () => this.close(new Error('the server closed the connection')));
    this.#armProbe(options.probeIntervalMs);
  }

  /** Resolves, with the reason, when the link has ended. */
  get ended(): Promise<Error> {
    return this.#ended.promise;
  }

  get open(): boolean {
    return this.#open;
  }

  /**
   * Send a request. `handle` runs as soon as the reply is read, before any later message is handled; what it returns
   * or throws settles the promise. Rejects with the server's error class, or {@link LinkLostError}.
   */
  request<R>(method: string, params: readonly unknown[], handle: (result: unknown) => R): Promise<R> {
    return this.send(method, params, handle).reply;
  }

  /** As {@link request}, with the means to stop waiting: the request is then canceled (RFC 7047 §4.1.4). */
  send<R>(
    method: string,
    params: readonly unknown[],
    handle: (result: unknown) => R,
  ): { readonly reply: Promise<R>; abandon(reason: Error): void } {
    const { promise, resolve, reject } = Promise.withResolvers<R>();
    if (!this.#open) {
      reject(new LinkLostError());
      return { reply: promise, abandon: () => {} };
    }
    const id = this.#nextId++;
    const settle = (result: unknown, error: unknown): void => {
      if (error !== null) {
        reject(parseError(error));
        return;
      }
      try {
        resolve(handle(result));
      } catch (cause) {
        reject(cause);
      }
    };
    this.#pending.set(id, { settle, fail: reject });
    this.#socket.write(requestText(id, method, params));
    const abandon = (reason: Error): void => {
      if (!this.#pending.delete(id)) return;
      this.notify('cancel', [id]);
      reject(reason);
    };
    return { reply: promise, abandon };
  }

  notify(method: string, params: readonly unknown[]): void {
    if (this.#open) this.#socket.write(notificationText(method, params));
  }

  /** End the link; pending requests fail with {@link LinkLostError}. Does nothing when it has ended. */
  close(reason: Error): void {
    if (!this.#open) return;
    this.#open = false;
    clearTimeout(this.#probe);
    this.#socket.destroy();
    for (const request of this.#pending.values()) request.fail(new LinkLostError({ cause: reason }));
    this.#pending.clear();
    this.#ended.resolve(reason);
  }

  #receive(chunk: Buffer): void {
    this.#lastByteAt = performance.now();
    this.#echoSentAt = undefined;
    try {
      for (const message of this.#framer.push(chunk)) {
        this.#dispatch(classify(message));
        if (!this.#open) return;
      }
    } catch (error) {
      this.close(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #dispatch(message: RpcMessage): void {
    if (message.kind === 'notification') {
      this.#options.onNotification(message.method, message.params);
    } else if (message.kind === 'request') {
      const echo = message.method === 'echo';
      this.#socket.write(
        echo
          ? replyText(message.id, message.params, null)
          : replyText(message.id, null, { error: 'unknown method' }),
      );
    } else if (typeof message.id === 'number') {
      // A reply without a request is one that was canceled.
      const request = this.#pending.get(message.id);
      this.#pending.delete(message.id);
      request?.settle(message.result, message.error);
    }
  }

  #armProbe(delayMs: number): void {
    if (this.#options.probeIntervalMs > 0 && this.#open) {
      this.#probe = setTimeout(() => this.#checkIdle(), Math.max(1, delayMs));
    }
  }

  #checkIdle(): void {
    const interval = this.#options.probeIntervalMs;
    const now = performance.now();
    const idle = now - this.#lastByteAt;
    if (this.#echoSentAt !== undefined && now - this.#echoSentAt >= interval) {
      // This process may have been too busy to read: look at the socket once more before giving the server up.
      setImmediate(() => {
        if (this.#echoSentAt === undefined) this.#armProbe(interval);
        else this.close(new Error(`no answer for ${Math.round(idle)} ms`));
      });
      return;
    }
    if (this.#echoSentAt === undefined && idle >= interval) {
      this.#echoSentAt = now;
      this.send('echo', [], () => undefined).reply.catch(() => {
        // Only bytes count; a lost link is reported by `ended`.
      });
      this.#armProbe(interval);
      return;
    }
    this.#armProbe(this.#echoSentAt === undefined ? interval - idle : interval - (now - this.#echoSentAt));
  }
}
