import { display } from '../display.ts';
import { InvalidInput } from '../errors/request.ts';
import { accepted, type Parsed, refused, refusedWith, type ValueType } from '../value-type.ts';

/** The largest integer that the databases' integer columns hold. */
export const MAX_INTEGER = 2 ** 31 - 1;

const notInteger = (value: unknown): Parsed<never> =>
  refusedWith(InvalidInput({ message: `'${display(value)}' is not an integer` }));

/** An integer, or the decimal text of one; a fraction is cut off as the reference cuts it. */
export const parseInteger = (value: unknown): Parsed<number> => {
  if (typeof value === 'number') {
    return Number.isFinite(value) ? accepted(Math.trunc(value) + 0) : notInteger(value);
  }
  if (typeof value === 'string' && /^\s*[+-]?\d{1,300}\s*$/.test(value)) return accepted(Number(value));
  return notInteger(value);
};

const within = (value: number, minimum: number, maximum: number): Parsed<number> => {
  if (value < minimum) {
    return refused(
      minimum === 0
        ? `'${value}' should be non-negative`
        : `'${value}' is too small - must be at least '${minimum}'`,
    );
  }
  return value > maximum
    ? refused(`'${value}' is too large - must be no larger than '${maximum}'`)
    : accepted(value);
};

/** An integer of `minimum` to `maximum`; numeric texts are taken. */
export const integer = (minimum: number, maximum = MAX_INTEGER): ValueType<number> => {
  const parse = (value: unknown): Parsed<number> => {
    const parsed = parseInteger(value);
    return parsed.ok ? within(parsed.value, minimum, maximum) : parsed;
  };
  return { name: 'integer', schema: { type: 'integer', minimum, maximum }, parse, fromQuery: parseInteger };
};

/** One of a few integers; numeric texts are taken. */
export const oneOfIntegers = <const V extends number>(allowed: readonly V[]): ValueType<V> => ({
  name: 'values',
  schema: { type: 'integer', enum: allowed },
  parse: (value) => {
    const parsed = parseInteger(value);
    if (!parsed.ok) return parsed;
    const found = allowed.find((candidate) => candidate === parsed.value);
    return found === undefined ? refused(`${display(value)} is not in ${display(allowed)}`) : accepted(found);
  },
  fromQuery: parseInteger,
});
