import type { Page } from '../engine/list.ts';

interface Link {
  readonly rel: 'next' | 'previous';
  readonly href: string;
}

const withMarker = (
  base: string,
  pairs: readonly (readonly [string, string])[],
  marker: string,
  reverse: boolean,
): string => {
  const query = new URLSearchParams(
    pairs
      .filter(([name]) => name !== 'marker' && name !== 'page_reverse')
      .map(([name, value]): [string, string] => [name, value]),
  );
  query.append('marker', marker);
  if (reverse) query.append('page_reverse', 'True');
  return `${base}?${query.toString()}`;
};

/**
 * The links of a page: `next` unless a forward page was not full, `previous` unless a backward page was not full.
 *
 * @param base URL of the collection, without a query
 */
export const pageLinks = (
  page: Page,
  base: string,
  pairs: readonly (readonly [string, string])[],
): readonly Link[] => {
  const { paging } = page;
  if (paging === undefined || paging.first === undefined || paging.last === undefined) return [];
  const full = paging.found >= paging.limit;
  const links: Link[] = [];
  if (full || paging.reverse) links.push({ rel: 'next', href: withMarker(base, pairs, paging.last, false) });
  if (full || !paging.reverse)
    links.push({ rel: 'previous', href: withMarker(base, pairs, paging.first, true) });
  return links;
};
