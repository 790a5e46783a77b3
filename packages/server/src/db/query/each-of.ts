import { ExpressionWrapper, FunctionNode, ValueNode } from 'kysely';
import type { Tables } from '../tables.ts';

/** Pseudo functions that the query compilers of both dialects spell out. */
export const EACH_TEXT = 'ovenbird_each_text';
export const EACH_NUMBER = 'ovenbird_each_number';

/**
 * The right side of `column in …` for a list of any length: one bound parameter, so that the statement keeps its shape
 * and its plan whatever the length. An empty list matches nothing.
 *
 * @example query.selectFrom('tags').selectAll().where('object_id', 'in', eachOf(ids))
 */
export const eachOf = <T extends string | number>(
  values: readonly T[],
): ExpressionWrapper<Tables, keyof Tables, T> =>
  new ExpressionWrapper(
    FunctionNode.create(typeof values[0] === 'number' ? EACH_NUMBER : EACH_TEXT, [
      ValueNode.create(JSON.stringify(values)),
    ]),
  );
