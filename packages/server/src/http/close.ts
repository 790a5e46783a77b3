import type { FastifyInstance } from 'fastify';

/** Milliseconds that requests under way get to finish. */
const patience = 10_000;

/**
 * Take no new request, let those under way finish, and cut off what has not after a while: a client that never ends its
 * request must not keep the service from stopping.
 */
export const closeGently = async (app: FastifyInstance): Promise<void> => {
  const cutOff = setTimeout(() => app.server.closeAllConnections(), patience);
  try {
    await app.close();
  } finally {
    clearTimeout(cutOff);
  }
};
