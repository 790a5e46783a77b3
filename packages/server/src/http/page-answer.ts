import type { FastifyRequest } from 'fastify';
import type { Page } from '../engine/list.ts';
import type { ContextOf } from './authenticate.ts';
import { pageLinks } from './links.ts';
import { queryPairs } from './query.ts';
import type { OriginOf } from './request.ts';

/** What routes ask about a request. */
export interface Asking {
  readonly contextOf: ContextOf;
  readonly originOf: OriginOf;
}

/** A page of a list as the answer's body: the items, and links when the request asked for paging. */
export const pageAnswer = (
  asking: Asking,
  request: FastifyRequest,
  collection: string,
  page: Page,
): object => {
  const base = `${asking.originOf(request)}${request.url.split('?', 1)[0] ?? ''}`;
  const links = pageLinks(page, base, queryPairs(request.url));
  return { [collection]: page.items, ...(links.length === 0 ? {} : { [`${collection}_links`]: links }) };
};
