import { canonical, isArray, isObject, type Json } from './json.ts';
import type { Both } from './sides.ts';

/** Something that the two sides do not agree on. */
export interface Difference {
  readonly scenario: string;
  /** Which kind of thing: `answer/port/binding:vif_type`, `NB/Logical_Switch/other_config:vlan-passthru`. */
  readonly place: string;
  /** Which one: the request, or the name of the row. */
  readonly subject: string;
  /** Masked; absent: this side has no such thing. */
  readonly reference?: Json;
  readonly ovenbird?: Json;
}

type Found = Omit<Difference, 'scenario' | 'subject'>;

const optional = (values: { readonly [side in keyof Both<Json>]: Json | undefined }) => ({
  ...(values.reference === undefined ? {} : { reference: values.reference }),
  ...(values.ovenbird === undefined ? {} : { ovenbird: values.ovenbird }),
});

/** Where two values differ, as deep as it goes. Lists are compared as sets. */
export const differencesOf = (
  place: string,
  reference: Json | undefined,
  ovenbird: Json | undefined,
  separator = '/',
): readonly Found[] => {
  if (reference !== undefined && ovenbird !== undefined) {
    if (canonical(reference) === canonical(ovenbird)) return [];
    if (isObject(reference) && isObject(ovenbird)) {
      const keys = [...new Set([...Object.keys(reference), ...Object.keys(ovenbird)])].sort();
      return keys.flatMap((key) =>
        differencesOf(`${place}${separator}${key}`, reference[key], ovenbird[key], separator),
      );
    }
    if (isArray(reference) && isArray(ovenbird))
      return listDifferences(place, reference, ovenbird, separator);
  }
  return [{ place, ...optional({ reference, ovenbird }) }];
};

/** Attributes that tell the members of a list apart, where they have no id. */
const telling = ['ip_address', 'cidr', 'opt_name', 'start', 'destination', 'port_id', 'address', 'host'];

const identityOf = (value: Json): string => {
  if (!isObject(value)) return canonical(value);
  if (value.id !== undefined) return canonical(value.id);
  const told = telling.flatMap((key) => (value[key] === undefined ? [] : [value[key]]));
  return canonical(told.length === 0 ? value : told);
};

/** Members of both lists by what tells them apart; two alike are told apart by their order. */
const byIdentity = (values: readonly Json[]): ReadonlyMap<string, Json> => {
  const found = new Map<string, Json>();
  for (const value of values) {
    let key = identityOf(value);
    while (found.has(key)) key += ' again';
    found.set(key, value);
  }
  return found;
};

const listDifferences = (
  place: string,
  reference: readonly Json[],
  ovenbird: readonly Json[],
  separator: string,
): readonly Found[] => {
  const [theirs, ours] = [byIdentity(reference), byIdentity(ovenbird)];
  const shared = [...theirs].flatMap(([key, value]) => {
    const other = ours.get(key);
    return other === undefined ? [] : differencesOf(place, value, other, separator);
  });
  const only = (from: ReadonlyMap<string, Json>, other: ReadonlyMap<string, Json>): readonly Json[] =>
    [...from].flatMap(([key, value]) => (other.has(key) ? [] : [value]));
  const [their, our] = [only(theirs, ours), only(ours, theirs)];
  return their.length + our.length === 0 ? shared : [...shared, { place, reference: their, ovenbird: our }];
};

const shown = (value: Json | undefined): string => (value === undefined ? 'nothing' : JSON.stringify(value));

/** For people: one line. */
export const lineOf = ({ scenario, place, subject, reference, ovenbird }: Difference): string =>
  `${scenario} | ${place} | ${subject}: ${shown(reference)} / ${shown(ovenbird)}`;
