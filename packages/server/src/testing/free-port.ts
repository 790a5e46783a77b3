import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below the ports that systems give to outgoing connections and to those who ask for any, so that none is lost to them. */
const RANGE = { from: 10_000, to: 30_000 };
const TRIES = 50;

const isFree = async (port: number): Promise<boolean> => {
  const server = createServer().listen({ port, host: '127.0.0.1', exclusive: true });
  try {
    await once(server, 'listening');
    server.close();
    await once(server, 'close');
    return true;
  } catch {
    return false;
  }
};

/** A TCP port of 127.0.0.1 for a server that has to know its port beforehand; nobody listens on it. */
export const freePort = async (): Promise<number> => {
  for (let count = 0; count < TRIES; count += 1) {
    const port = randomInt(RANGE.from, RANGE.to);
    if (await isFree(port)) return port;
  }
  throw new Error(`no TCP port is free from ${RANGE.from} to ${RANGE.to}`);
};
