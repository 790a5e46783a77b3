import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Page } from '../engine/page.ts';
import type { ContextOf } from './authenticate.ts';
import { pageLinks } from './links.ts';
import { queryPairs } from './query.ts';
import type { OriginOf } from './request.ts';

/** What routes ask about a request. */
export interface Asking {
  readonly contextOf: ContextOf;
  readonly originOf: OriginOf;
}

const COMMA = Buffer.from(',');

/** A page of a list as the answer's body: the items, and links when the request asked for paging. */
export const pageAnswer = (
  asking: Asking,
  request: FastifyRequest,
  reply: FastifyReply,
  collection: string,
  { items, paging }: Page,
): FastifyReply => {
  const base = `${asking.originOf(request)}${request.url.split('?', 1)[0] ?? ''}`;
  const links = pageLinks(paging, base, queryPairs(request.url));
  const tail = links.length === 0 ? '' : `,${JSON.stringify(`${collection}_links`)}:${JSON.stringify(links)}`;
  const body = Buffer.concat([
    Buffer.from(`{${JSON.stringify(collection)}:[`),
    ...items.flatMap((piece, index) => (index === 0 ? [piece] : [COMMA, piece])),
    Buffer.from(`]${tail}}`),
  ]);
  return reply.type('application/json; charset=utf-8').send(body);
};
