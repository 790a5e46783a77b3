/** A column's value: an atom, a set or a map. */
type Value = unknown;

const isMap = (value: Value): value is ReadonlyMap<unknown, unknown> => value instanceof Map;
const isSet = (value: Value): value is ReadonlySet<unknown> => value instanceof Set;

/** A value as JSON can hold it: sets as sorted lists, maps as objects. */
export const plainValue = (value: Value): unknown => {
  if (value === undefined) return null;
  if (isSet(value)) return [...value].map(String).sort();
  if (isMap(value)) return Object.fromEntries([...value].map(([key, each]) => [String(key), each]).sort());
  return value;
};

/** A value as `ovn-nbctl` shows it, about. */
export const valueText = (value: Value): string | undefined => {
  if (value === undefined) return undefined;
  if (isSet(value)) return `[${[...value].map(String).sort().join(', ')}]`;
  if (isMap(value))
    return `{${[...value]
      .map(([key, each]) => `${key}=${each}`)
      .sort()
      .join(', ')}}`;
  return value === '' ? '""' : String(value);
};
