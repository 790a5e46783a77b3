import type { FastifyInstance } from 'fastify';

/** Told of ports that a request made, and when that request arrived, in milliseconds since the epoch. */
export type PortsMade = (portIds: readonly string[], arrived: number) => void;

const PORTS = '/v2.0/ports';

const idIn = (member: unknown): string | undefined => {
  const id: unknown = typeof member === 'object' && member !== null ? Reflect.get(member, 'id') : undefined;
  return typeof id === 'string' ? id : undefined;
};

const idsIn = (answer: object): readonly string[] => {
  const one: unknown = Reflect.get(answer, 'port');
  const several: unknown = Reflect.get(answer, 'ports');
  const members: readonly unknown[] = Array.isArray(several) ? several : [one];
  return members.map(idIn).filter((id) => id !== undefined);
};

/** Look at the answers to requests that make ports. */
export const watchArrivals = (app: FastifyInstance, made: PortsMade): void => {
  app.addHook('preSerialization', async (request, reply, payload: unknown) => {
    if (request.method !== 'POST' || request.routeOptions.url !== PORTS || reply.statusCode !== 201)
      return payload;
    if (typeof payload === 'object' && payload !== null)
      made(idsIn(payload), Date.now() - Math.round(reply.elapsedTime));
    return payload;
  });
};
