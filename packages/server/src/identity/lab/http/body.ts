import { badRequest } from './fault.ts';

/** A JSON object of a request. */
export type Json = { readonly [key: string]: unknown };

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The object under `key`. Throws 400 when there is none. */
export const objectAt = (value: unknown, key: string): Json => {
  const inner = optionalObjectAt(value, key);
  if (inner === undefined) throw badRequest(`'${key}' is a required property`);
  return inner;
};

/** The object under `key`; undefined when there is none. Throws 400 when it is something else. */
export const optionalObjectAt = (value: unknown, key: string): Json | undefined => {
  if (!isObject(value)) throw badRequest('the body must be a JSON object');
  const inner = Object.hasOwn(value, key) ? value[key] : undefined;
  if (inner === undefined || inner === null) return undefined;
  if (!isObject(inner)) throw badRequest(`'${key}' must be an object`);
  return inner;
};

/** The text under `key`; undefined when absent or null. Throws 400 when it is something else or too long. */
export const textAt = (value: Json, key: string): string | undefined => {
  const text = Object.hasOwn(value, key) ? value[key] : undefined;
  if (text === undefined || text === null) return undefined;
  if (typeof text !== 'string' || text.length > 4096) throw badRequest(`'${key}' must be a text`);
  return text;
};

/** A name: 1 to 255 characters. */
export const nameAt = (value: Json): string => {
  const name = textAt(value, 'name');
  if (name === undefined) throw badRequest("'name' is a required property");
  return checkedName(name);
};

/** Throws 400 unless the name has 1 to 255 characters and none of them is a control character. */
export const checkedName = (name: string): string => {
  if (name === '' || name.length > 255 || /\p{Cc}/u.test(name))
    throw badRequest("'name' must have 1 to 255 characters");
  return name;
};

export const flagAt = (value: Json, key: string): boolean | undefined => {
  const flag = Object.hasOwn(value, key) ? value[key] : undefined;
  if (flag === undefined) return undefined;
  if (typeof flag !== 'boolean') throw badRequest(`'${key}' must be a boolean`);
  return flag;
};
