import { HTTPBadRequest } from '@ovenbird/api';

/** More parameters than any list has. */
const maxParameters = 1000;

/**
 * The query of a URL, decoded, in order, repeated names kept.
 *
 * @throws ApiError 400 when there are too many parameters
 */
export const queryPairs = (url: string): readonly (readonly [string, string])[] => {
  const at = url.indexOf('?');
  if (at === -1) return [];
  const pairs = [...new URLSearchParams(url.slice(at + 1))];
  if (pairs.length > maxParameters) throw HTTPBadRequest({ message: 'the query has too many parameters' });
  return pairs;
};

/** The values of `fields`. */
export const fieldsIn = (url: string): readonly string[] =>
  queryPairs(url)
    .filter(([name, value]) => name === 'fields' && value !== '')
    .map(([, value]) => value);
