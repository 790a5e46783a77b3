import { isIP } from 'node:net';
import { isArray, isObject, type Json } from './json.ts';
import type { Both } from './sides.ts';

const pairOf = (side: Both<Json>, key: string): Both<Json> | undefined => {
  if (!isObject(side.reference) || !isObject(side.ovenbird)) return undefined;
  const { [key]: reference } = side.reference;
  const { [key]: ovenbird } = side.ovenbird;
  return reference === undefined || ovenbird === undefined ? undefined : { reference, ovenbird };
};

/**
 * Values of both sides, `masked`, but for addresses that both have in the same place: what one side chose by chance may be
 * what both were asked for elsewhere (the end of a pool).
 */
export const keepingSameAddresses = (raw: Both<Json>, masked: Both<Json>): Both<Json> => {
  const { reference, ovenbird } = masked;
  if (typeof raw.reference === 'string')
    return raw.reference === raw.ovenbird && isIP(raw.reference) !== 0 ? raw : masked;
  const listed = isArray(reference) && isArray(ovenbird) && reference.length === ovenbird.length;
  if (listed && isArray(raw.reference) && isArray(raw.ovenbird)) {
    const { reference: one, ovenbird: other } = raw;
    const pairs = reference.map((each, index) =>
      keepingSameAddresses(
        { reference: one[index] ?? null, ovenbird: other[index] ?? null },
        { reference: each, ovenbird: ovenbird[index] ?? null },
      ),
    );
    return { reference: pairs.map((pair) => pair.reference), ovenbird: pairs.map((pair) => pair.ovenbird) };
  }
  if (!isObject(reference) || !isObject(ovenbird)) return masked;
  const kept = Object.keys(reference).flatMap((key) => {
    const [before, after] = [pairOf(raw, key), pairOf(masked, key)];
    return before === undefined || after === undefined
      ? []
      : [{ key, ...keepingSameAddresses(before, after) }];
  });
  return {
    reference: { ...reference, ...Object.fromEntries(kept.map((each) => [each.key, each.reference])) },
    ovenbird: { ...ovenbird, ...Object.fromEntries(kept.map((each) => [each.key, each.ovenbird])) },
  };
};
