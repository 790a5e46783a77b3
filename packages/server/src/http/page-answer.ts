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

/** Parts of an answer whose items are one piece. */
const SINGLE = 3;

/** One after the other: a text when there is little, else its bytes, written where they are to be sent from. */
const joined = (parts: readonly string[]): string | Buffer => {
  if (parts.length <= SINGLE) return parts.join('');
  const bytes = Buffer.allocUnsafeSlow(parts.reduce((sum, part) => sum + Buffer.byteLength(part), 0));
  let end = 0;
  for (const part of parts) end += bytes.write(part, end);
  return bytes;
};

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
  const separated = items.flatMap((piece, index) => (index === 0 ? [piece] : [',', piece]));
  const body = joined([`{${JSON.stringify(collection)}:[`, ...separated, `]${tail}}`]);
  return reply.type('application/json; charset=utf-8').send(body);
};
