import { display } from '../display.ts';
import { accepted, refused, type ValueType } from '../value-type.ts';

/** One of a few texts. */
export const oneOf = <const V extends string>(allowed: readonly V[]): ValueType<V> => ({
  name: 'values',
  schema: { type: 'string', enum: allowed },
  parse: (value) => {
    const found = allowed.find((candidate) => candidate === value);
    return found === undefined ? refused(`${display(value)} is not in ${display(allowed)}`) : accepted(found);
  },
});

/**
 * A type whose stored form may be null although a request may not give null: `cidr` must be one, while a network
 * without segmentation has no `provider:segmentation_id`. An empty filter text matches the missing value.
 */
export const orNullWhenStored = <T, I>(type: ValueType<T, I>): ValueType<T | null, I> => {
  const { fromQuery } = type;
  const schema =
    typeof type.schema.type === 'string' ? { ...type.schema, type: [type.schema.type, 'null'] } : type.schema;
  return {
    name: `${type.name} or null`,
    schema: Array.isArray(schema.enum) ? { ...schema, enum: [...schema.enum, null] } : schema,
    parse: (value) => type.parse(value),
    fromQuery: (text) => {
      if (text === '') return accepted(null);
      return fromQuery === undefined ? accepted(text) : fromQuery(text);
    },
  };
};

/** One of a few texts, or null. */
export const oneOfOrNull = <const V extends string>(allowed: readonly V[]): ValueType<V | null> => {
  const type = oneOf(allowed);
  return {
    name: 'values or null',
    schema: { type: ['string', 'null'], enum: [...allowed, null] },
    parse: (value) => (value === null ? accepted(null) : type.parse(value)),
  };
};
