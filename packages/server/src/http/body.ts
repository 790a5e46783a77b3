import { ApiError, HTTPBadRequest } from '@ovenbird/api';
import type { FastifyRequest } from 'fastify';

/** Deeper nesting than any resource has. */
const maxDepth = 32;

const malformed = (reason: string): ApiError =>
  HTTPBadRequest({ message: `Malformed request body: ${reason}` });

/** Throws when a value is nested too deeply, too long a list, or names a property that would change how objects behave. */
const inspect = (value: unknown, depth: number, longest: number): void => {
  if (typeof value !== 'object' || value === null) return;
  if (depth === 0) throw malformed('it is nested too deeply');
  if (Object.hasOwn(value, '__proto__')) throw malformed("'__proto__' is no name of an attribute");
  if (Array.isArray(value) && value.length > longest)
    throw malformed(`a list has more than ${longest} members`);
  for (const inner of Object.values(value)) inspect(inner, depth - 1, longest);
};

/**
 * A body is never unpacked: a small one could become any size.
 *
 * @throws ApiError 415
 */
export const refuseEncoded = ({ headers }: FastifyRequest): void => {
  const encoding = headers['content-encoding'] ?? 'identity';
  if (encoding.toLowerCase() !== 'identity')
    throw new ApiError(415, 'HTTPUnsupportedMediaType', 'The body must not be compressed.');
};

/**
 * JSON text → value; an empty text is no body. Of repeated keys the last one counts, as in the reference.
 *
 * @param longest most members of a list
 * @throws ApiError 400 `HTTPBadRequest`
 */
export const parseJson = (text: string, longest: number): unknown => {
  if (text.trim() === '') return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    // V8's message repeats the text; what a client sent is not for us to echo.
    throw error instanceof SyntaxError ? malformed('it is not JSON') : error;
  }
  inspect(value, maxDepth, longest);
  return value;
};
