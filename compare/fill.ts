import { isArray, isObject, type Json } from './json.ts';

/** What steps made, by their names. */
export type Made = ReadonlyMap<string, Json>;

const valueAt = (from: Json | undefined, path: string): Json | undefined =>
  path
    .split('.')
    .reduce<Json | undefined>(
      (inner, key) => (isArray(inner) ? inner[Number(key)] : isObject(inner) ? inner[key] : undefined),
      from,
    );

/**
 * A value with `{name}` and `{name.attribute}` in its texts replaced by what the steps of these names made; undefined when
 * one of them stands for nothing.
 */
export const filled = (value: Json, made: Made): Json | undefined => {
  let complete = true;
  const fill = (text: string): string =>
    text.replace(/\{([\w-]+)(?:\.([^}]+))?\}/g, (_all, name: string, path = 'id') => {
      const found = valueAt(made.get(name), path);
      if (typeof found !== 'string') complete = false;
      return String(found);
    });
  const each = (inner: Json): Json => {
    if (typeof inner === 'string') return fill(inner);
    if (isArray(inner)) return inner.map(each);
    if (!isObject(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).map(([key, one]) => [key, each(one)]));
  };
  const result = each(value);
  return complete ? result : undefined;
};
