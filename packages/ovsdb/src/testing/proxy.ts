import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A wire between clients and a server that can be cut: connections stay, nothing passes. */
export interface Wire extends AsyncDisposable {
  /** `tcp:127.0.0.1:PORT` */
  readonly endpoint: string;
  /** Let nothing pass, also of connections to come, until mended. */
  cut(): void;
  /** New connections pass; those that were cut are dead for good. */
  mend(): void;
}

/** In: the path of a server's unix socket. Out: a wire to it. */
export async function startWire(path: string): Promise<Wire> {
  const sockets = new Set<Socket>();
  let isCut = false;
  const server = createServer((client) => {
    sockets.add(client);
    client.on('error', () => {});
    if (isCut) return;
    const far = connect({ path });
    sockets.add(far);
    far.on('error', () => client.destroy());
    far.on('close', () => client.destroy());
    client.on('close', () => far.destroy());
    client.pipe(far);
    far.pipe(client);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no address');
  return {
    endpoint: `tcp:127.0.0.1:${address.port}`,
    cut() {
      isCut = true;
      for (const socket of sockets) {
        socket.unpipe();
        socket.pause();
      }
    },
    mend() {
      isCut = false;
      for (const socket of sockets) socket.destroy();
      sockets.clear();
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
