import type { Reader } from '../db/database.ts';
import { preparedByIds } from '../db/query/prepared.ts';

const tagRows = preparedByIds((query, ids) =>
  query.selectFrom('tags').select(['object_id', 'tag']).where('object_id', 'in', ids).orderBy('tag'),
);

/** Tags of any number of resources by resource id, each list in order. One query. */
export const tagsOf = async (
  reader: Reader,
  ids: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> =>
  listsBy(await tagRows(reader, ids), (row) => [row.object_id, row.tag]);

/** Rows → lists of values by key, in order of the rows. */
export const listsBy = <R, V>(
  rows: readonly R[],
  entry: (row: R) => readonly [key: string, value: V],
): ReadonlyMap<string, readonly V[]> => {
  const lists = new Map<string, V[]>();
  for (const row of rows) {
    const [key, value] = entry(row);
    const list = lists.get(key);
    if (list === undefined) lists.set(key, [value]);
    else list.push(value);
  }
  return lists;
};
