import { type Difference, differencesOf } from './difference.ts';
import type { Json } from './json.ts';
import type { Masks } from './masks.ts';
import { dumpNorthbound } from './northbound.ts';
import { nameRows } from './rows.ts';
import type { Sides } from './sides.ts';

const places = (table: string, reference: Json, ovenbird: Json) =>
  differencesOf('', reference, ovenbird, ':').map(({ place, ...rest }) => ({
    ...rest,
    place: `NB/${table}/${place.slice(1)}`,
  }));

/** Where the two Northbound databases differ now. */
export const compareNorthbound = async (
  scenario: string,
  sides: Sides,
  masks: Masks,
): Promise<readonly Difference[]> => {
  const [reference, ovenbird] = await Promise.all([
    dumpNorthbound(sides.reference.ovn),
    dumpNorthbound(sides.ovenbird.ovn),
  ]);
  const theirs = nameRows(reference, masks, 'reference');
  const ours = nameRows(ovenbird, masks, 'ovenbird');
  return Object.keys(theirs).flatMap((table) => {
    const names = [...new Set([...Object.keys(theirs[table] ?? {}), ...Object.keys(ours[table] ?? {})])];
    return names.sort().flatMap((subject): readonly Difference[] => {
      const [their, our] = [theirs[table]?.[subject], ours[table]?.[subject]];
      if (their !== undefined && our !== undefined)
        return places(table, their, our).map((found) => ({ scenario, subject, ...found }));
      const only = their === undefined ? { ovenbird: 'a row' } : { reference: 'a row' };
      return [{ scenario, subject, place: `NB/${table}`, ...only }];
    });
  });
};
