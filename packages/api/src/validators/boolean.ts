import { display } from '../display.ts';
import { InvalidInput } from '../errors/request.ts';
import { accepted, type Parsed, refusedWith, type ValueType } from '../value-type.ts';

const TRUE = new Set(['1', 't', 'true', 'on', 'y', 'yes']);
const FALSE = new Set(['0', 'f', 'false', 'off', 'n', 'no']);

const parseBoolean = (value: unknown): Parsed<boolean> => {
  if (typeof value === 'boolean') return accepted(value);
  if (typeof value === 'string' || typeof value === 'number') {
    const text = String(value).trim().toLowerCase();
    if (TRUE.has(text)) return accepted(true);
    if (FALSE.has(text)) return accepted(false);
  }
  return refusedWith(InvalidInput({ message: `'${display(value)}' cannot be converted to boolean` }));
};

/** A boolean, or one of the words and numbers that clients send for it (`"True"`, `1`, `"off"`, …). */
export const boolean: ValueType<boolean> = {
  name: 'boolean',
  schema: { type: 'boolean' },
  parse: parseBoolean,
  fromQuery: parseBoolean,
};

/** A boolean, or null for "not set". */
export const booleanOrNull: ValueType<boolean | null> = {
  name: 'boolean or null',
  schema: { type: ['boolean', 'null'] },
  parse: (value) => (value === null ? accepted(null) : parseBoolean(value)),
  fromQuery: (text) => (text === '' ? accepted(null) : parseBoolean(text)),
};
