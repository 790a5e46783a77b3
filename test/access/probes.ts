import type { ResourceDefinition } from '@ovenbird/api';

/** Two questions to a list which are answered differently where the attribute counts. */
export type Probe = readonly [asked: string, other: string];

/** Texts that only some others may take the place of. */
const OTHERS: { readonly [attribute: string]: string } = {
  ethertype: 'IPv6',
  protocol: 'udp',
  cidr: '192.0.2.0/24',
};

const otherThan = (name: string, value: unknown): unknown => {
  if (typeof value === 'boolean') return !value;
  return typeof value === 'number' ? value + 1 : (OTHERS[name] ?? `${value}0`);
};

const pair = (name: string, value: unknown, other: unknown): Probe => [
  `${name}=${encodeURIComponent(String(value))}`,
  `${name}=${encodeURIComponent(String(other))}`,
];

/** A filter for what the attribute is, and one for what it is not. */
const filterOf = (definition: ResourceDefinition, name: string, held: unknown): readonly Probe[] => {
  const attribute = definition.attributes[name];
  if (attribute?.filter !== true) return [];
  const [value = held] = Array.isArray(held) ? held : [];
  if (value === null || value === undefined) return [];
  const { filterBy } = attribute.type;
  if (typeof filterBy !== 'object')
    return typeof value === 'object' ? [] : [pair(name, value, otherThan(name, value))];
  return filterBy
    .map((key): readonly [string, unknown] => [key, Reflect.get(Object(value), key.replace(/_substr$/, ''))])
    .filter(([, part]) => part !== undefined && part !== null)
    .map(([key, part]) => pair(name, `${key}=${part}`, `${key}=${otherThan(key, part)}`));
};

/** All that a list can be asked about an attribute whose value is `held` in some object. */
export const probesOf = (definition: ResourceDefinition, name: string, held: unknown): readonly Probe[] => {
  const [tag] = Array.isArray(held) ? held : [];
  const tagged = ['tags', 'tags-any', 'not-tags', 'not-tags-any'].map((one) => pair(one, tag, 'absent'));
  const since = pair('changed_since', '2000-01-01T00:00:00Z', '2999-01-01T00:00:00Z');
  return [
    ...filterOf(definition, name, held),
    ...(name === 'tags' && definition.taggable === true ? tagged : []),
    ...(name === 'updated_at' && definition.extraFilters?.includes('changed_since') === true ? [since] : []),
    ...(definition.attributes[name]?.sort === true
      ? ([[`sort_key=${name}&sort_dir=asc`, `sort_key=${name}&sort_dir=desc`]] as const)
      : []),
  ];
};
