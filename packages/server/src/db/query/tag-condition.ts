import type { TagFilters } from '@ovenbird/api';
import { type Expression, type SqlBool, sql } from 'kysely';
import { eachOf } from './each-of.ts';
import type { DynamicExpressions } from './source.ts';

const withAll = (eb: DynamicExpressions, key: string, tags: readonly string[]): Expression<SqlBool> =>
  eb(
    key,
    'in',
    eb
      .selectFrom('tags')
      .select('tags.object_id')
      .where('tags.tag', 'in', eachOf(tags))
      .groupBy('tags.object_id')
      .having(sql<number>`count(*)`, '=', tags.length),
  );

const withAny = (eb: DynamicExpressions, key: string, tags: readonly string[]): Expression<SqlBool> =>
  eb(key, 'in', eb.selectFrom('tags').select('tags.object_id').where('tags.tag', 'in', eachOf(tags)));

/** What `filters` ask of the object that `key` (`table.id`) names. */
export const tagConditions = (
  eb: DynamicExpressions,
  key: string,
  filters: TagFilters,
): readonly Expression<SqlBool>[] => {
  const conditions: Expression<SqlBool>[] = [];
  if (filters.all.length > 0) conditions.push(withAll(eb, key, filters.all));
  if (filters.any.length > 0) conditions.push(withAny(eb, key, filters.any));
  if (filters.notAll.length > 0) conditions.push(eb.not(withAll(eb, key, filters.notAll)));
  if (filters.notAny.length > 0) conditions.push(eb.not(withAny(eb, key, filters.notAny)));
  return conditions;
};
