/** A JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export type JsonObject = { readonly [key: string]: Json };

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const isArray = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);

/** What an answer of `fetch` holds, whose body was parsed as JSON. */
export const jsonOf = (body: unknown): Json => (body === undefined ? null : (body as Json));

/** Text that is the same for equal values, whatever the order of their keys. */
export const canonical = (value: Json): string =>
  JSON.stringify(value, (_key, each: Json) =>
    isObject(each) ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1))) : each,
  );
