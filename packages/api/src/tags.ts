import { BadRequest, InvalidInput } from './errors/request.ts';
import { MAX_TAG_LENGTH, MAX_TAGS } from './extensions/standard-attr-tag.ts';
import { isDict } from './validators/dict.ts';
import { string, uniqueStrings } from './validators/string.ts';
import type { Parsed } from './value-type.ts';

const tagType = string(MAX_TAG_LENGTH);
const tagList = uniqueStrings(MAX_TAG_LENGTH);

const orInvalid = <T>(parsed: Parsed<T>): T => {
  if (parsed.ok) return parsed.value;
  throw InvalidInput({ message: parsed.reason });
};

/** One tag, from a path. Throws ApiError 400 `InvalidInput` where it is too long. */
export const parseTag = (tag: unknown): string => orInvalid(tagType.parse(tag));

/** The tags of a body `{"tags": […]}`. Throws ApiError 400 `InvalidInput`; see {@link checkTagCount} for their number. */
export const parseTags = (body: unknown): readonly string[] => {
  if (!isDict(body) || !Object.hasOwn(body, 'tags')) throw InvalidInput({ message: 'Invalid tags body' });
  return orInvalid(tagList.parse(body.tags));
};

/** Throws ApiError 400 where the tags that a resource of `collection` would have are too many. */
export const checkTagCount = (collection: string, tags: Iterable<string>): void => {
  if (new Set(tags).size <= MAX_TAGS) return;
  throw BadRequest({
    resource: collection,
    msg: `The number of tags exceed the per-resource limit of ${MAX_TAGS}`,
  });
};
