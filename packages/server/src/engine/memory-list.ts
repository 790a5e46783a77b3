import { BadRequest, type FilterValue, type ListFilter, type ListQuery } from '@ovenbird/api';
import type { AnyResource, ResourcePlan } from './plan.ts';

/** A value in the form that filters compare: absent ones are null. */
const comparable = (value: unknown): FilterValue => {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  return value === null || value === undefined ? null : JSON.stringify(value);
};

const matches = (resource: AnyResource, filter: ListFilter): boolean => {
  const value = resource[filter.attribute];
  const elements: readonly unknown[] = Array.isArray(value) ? value : [];
  if (filter.kind !== 'nested') {
    const held = filter.kind === 'equal' ? [value] : elements;
    return held.some((element) => filter.values.includes(comparable(element)));
  }
  return elements.some((element) =>
    Object.entries(filter.match).every(([key, wanted]) => {
      const part = key.endsWith('_substr');
      const held: unknown =
        typeof element === 'object' && element !== null
          ? Reflect.get(element, part ? key.slice(0, -7) : key)
          : undefined;
      const text = String(comparable(held) ?? '');
      return wanted.some((one) => (part ? text.includes(one) : text === one));
    }),
  );
};

/** Nulls come first, as in the SQL lists. */
const compare = (a: FilterValue, b: FilterValue): number => {
  if (a === b) return 0;
  if (a === null) return -1;
  if (b === null) return 1;
  return a < b ? -1 : 1;
};

const inOrder =
  (query: ListQuery) =>
  (a: AnyResource, b: AnyResource): number => {
    for (const { attribute, descending } of query.sorts) {
      const order = compare(comparable(a[attribute]), comparable(b[attribute]));
      if (order !== 0) return descending ? -order : order;
    }
    return 0;
  };

/**
 * Filter, sort and page resources that are not in SQL.
 *
 * @throws ApiError 400 when the marker names nothing
 */
export const selectInMemory = (
  plan: ResourcePlan,
  query: ListQuery,
  all: readonly AnyResource[],
): readonly AnyResource[] => {
  const sorted = all
    .filter((resource) => query.filters.every((filter) => matches(resource, filter)))
    .toSorted(inOrder(query));
  const { limit, marker, pageReverse } = query;
  if (limit === undefined) return sorted;
  if (marker === undefined) return pageReverse ? sorted.slice(-limit) : sorted.slice(0, limit);
  const ordered = all.toSorted(inOrder(query));
  const at = ordered.find((resource) => String(resource[plan.key]) === marker);
  if (at === undefined)
    throw BadRequest({ resource: 'marker', msg: 'the marker names nothing in this list' });
  const order = inOrder(query);
  const before = sorted.filter((resource) => order(resource, at) < 0);
  const after = sorted.filter((resource) => order(resource, at) > 0);
  return pageReverse ? before.slice(-limit) : after.slice(0, limit);
};
