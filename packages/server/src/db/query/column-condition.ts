import type { Expression, SqlBool } from 'kysely';
import { eachOf } from './each-of.ts';
import type { DynamicExpressions, SqlValue } from './source.ts';

const LARGEST_INTEGER = 2 ** 31 - 1;

const isText = (value: SqlValue): value is string => typeof value === 'string';
/** Numbers that an integer column can hold; no row has any other. */
const isStorableNumber = (value: SqlValue): value is number =>
  typeof value === 'number' && Number.isInteger(value) && Math.abs(value) <= LARGEST_INTEGER;

/** `column` (as `table.column`) is one of `values`; null matches a column without a value. */
export const columnIsOneOf = (
  eb: DynamicExpressions,
  column: string,
  values: readonly SqlValue[],
): Expression<SqlBool> => {
  const alternatives: Expression<SqlBool>[] = [];
  for (const list of [values.filter(isText), values.filter(isStorableNumber)]) {
    const [only] = list;
    if (list.length === 1 && only !== undefined) alternatives.push(eb(column, '=', only));
    else if (list.length > 1) alternatives.push(eb(column, 'in', eachOf<string | number>(list)));
  }
  if (values.includes(null)) alternatives.push(eb(column, 'is', null));
  const [only] = alternatives;
  return alternatives.length === 1 && only ? only : eb.or(alternatives);
};
