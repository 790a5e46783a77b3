import { display } from '../display.ts';
import { refused, type ValueType } from '../value-type.ts';
import { parseEach } from './subnet-values.ts';

/** A list of values of one type, in order. */
export const listOf = <T, I>(type: ValueType<T, I>): ValueType<readonly T[], readonly I[]> => ({
  name: `list of ${type.name}`,
  schema: { type: 'array', items: type.schema },
  filterBy: 'member',
  parse: (value) =>
    Array.isArray(value)
      ? parseEach(value, (item) => type.parse(item))
      : refused(`'${display(value)}' is not a list`),
});
