import { accepted, type ValueType } from '../value-type.ts';
import { integer } from './integer.ts';

const number = integer(0);

/** A prefix length: a request gives a number, an answer shows its decimal text, as the reference does. */
export const prefixLength: ValueType<string, number> = {
  name: 'prefix length',
  schema: { type: ['integer', 'string'], minimum: 0 },
  parse: (value) => number.parse(value),
  fromQuery: (text) => {
    const parsed = number.parse(text);
    return parsed.ok ? accepted(String(parsed.value)) : parsed;
  },
};
