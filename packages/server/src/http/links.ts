import type { Paging } from '../engine/page.ts';

interface Link {
  readonly rel: 'next' | 'previous';
  readonly href: string;
}

const withMarker = (
  base: string,
  pairs: readonly (readonly [string, string])[],
  marker: string | undefined,
  reverse: boolean,
): string => {
  const query = new URLSearchParams(
    pairs
      .filter(([name]) => name !== 'marker' && name !== 'page_reverse')
      .map(([name, value]): [string, string] => [name, value]),
  );
  if (marker !== undefined) query.append('marker', marker);
  if (reverse) query.append('page_reverse', 'True');
  return `${base}?${query.toString()}`;
};

/**
 * The links of a page: `next` unless a forward page was not full, `previous` unless a backward page was not full. Those of
 * an empty page name no marker and so lead to the collection's other end.
 *
 * @param base URL of the collection, without a query
 */
export const pageLinks = (
  paging: Paging | undefined,
  base: string,
  pairs: readonly (readonly [string, string])[],
): readonly Link[] => {
  if (paging === undefined) return [];
  const full = paging.found >= paging.limit;
  const links: Link[] = [];
  if (full || paging.reverse) links.push({ rel: 'next', href: withMarker(base, pairs, paging.last, false) });
  if (full || !paging.reverse)
    links.push({ rel: 'previous', href: withMarker(base, pairs, paging.first, true) });
  return links;
};
