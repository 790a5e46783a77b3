import type { FastifyRequest } from 'fastify';

const requestIdForm = /^req-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The id that a client gave to all requests of one job of its own, if it has the usual form. */
export const globalIdOf = (request: FastifyRequest): string | undefined => {
  const given = request.headers['x-openstack-request-id'];
  return typeof given === 'string' && requestIdForm.test(given) ? given : undefined;
};
