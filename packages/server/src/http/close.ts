import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

/** Milliseconds that requests under way get to finish. */
const patience = 10_000;
/** Milliseconds after which a connection is closed at most when its request has been answered. */
const lookEvery = 50;

/**
 * How to stop `app`, to be made before it listens: take no new request, let those under way finish, and cut off what has
 * not after a while. A client that never ends its request must not keep the service from stopping, and one that connected
 * and never began must not delay it: Node counts such connections as busy.
 */
export const gentleClose = (app: FastifyInstance): (() => Promise<void>) => {
  const open = new Set<Socket>();
  app.server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  return async () => {
    const look = setInterval(() => app.server.closeIdleConnections(), lookEvery);
    const cutOff = setTimeout(() => app.server.closeAllConnections(), patience);
    try {
      const closed = app.close();
      for (const socket of open) if (socket.bytesRead === 0) socket.destroy();
      await closed;
    } finally {
      clearTimeout(cutOff);
      clearInterval(look);
    }
  };
};
