import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { MessageFramer } from '../wire/framer.ts';

/** What to do with a message: let it pass, answer it with another one, drop it, or cut the connection. */
export type Verdict = 'pass' | 'drop' | 'cut' | { readonly answer: unknown };

export interface RelayOptions {
  /** Socket of the real server, and of the relay. */
  readonly from: string;
  readonly to: string;
  readonly onRequest?: (message: unknown) => Verdict;
  readonly onReply?: (message: unknown) => Verdict;
}

/** Listens on a unix socket and passes messages on to a real server, so that a test can interfere with some. */
export async function startRelay(options: RelayOptions): Promise<AsyncDisposable> {
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect({ path: options.to });
    const end = (): void => {
      client.destroy();
      upstream.destroy();
    };
    const follow = (
      source: Socket,
      target: Socket,
      judge: ((message: unknown) => Verdict) | undefined,
    ): void => {
      const framer = new MessageFramer();
      sockets.add(source);
      source.on('error', end);
      source.on('close', () => {
        sockets.delete(source);
        end();
      });
      source.on('data', (chunk: Buffer) => {
        for (const message of framer.push(chunk)) {
          const verdict = judge?.(message) ?? 'pass';
          if (verdict === 'pass') target.write(JSON.stringify(message));
          else if (verdict === 'cut') end();
          else if (verdict !== 'drop') source.write(JSON.stringify(verdict.answer));
        }
      });
    };
    follow(client, upstream, options.onRequest);
    follow(upstream, client, options.onReply);
  });
  await rm(options.from, { force: true });
  server.listen({ path: options.from });
  await once(server, 'listening');
  return {
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
