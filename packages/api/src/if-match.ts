import { BadRequest } from './errors/request.ts';

const refuse = (msg: string) => BadRequest({ resource: 'if-match', msg });

/**
 * The revision that an `If-Match` header asks for: `revision_number=7`, quoted or not, among other entity tags, which
 * count for nothing here.
 *
 * @throws ApiError 400 for two revisions, or one that is no natural number
 */
export const parseIfMatch = (header: string | undefined): number | undefined => {
  const tags = (header ?? '').split(',').map((tag) =>
    tag
      .trim()
      .replace(/^W\//, '')
      .replace(/^"(.*)"$/, '$1'),
  );
  const [tag, ...others] = tags.filter((candidate) => candidate.startsWith('revision_number='));
  if (tag === undefined) return undefined;
  if (others.length > 0) throw refuse('Multiple revision_number etags are not supported.');
  const digits = tag.slice('revision_number='.length);
  if (!/^\d{1,15}$/.test(digits))
    throw refuse('Revision number etag must be in the format of revision_number=<int>');
  return Number(digits);
};
