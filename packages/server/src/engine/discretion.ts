import type { ListQuery } from '@ovenbird/api';
import type { Bound, Test } from '../policy/compile.ts';
import type { Caller } from '../policy/policy.ts';
import type { Targets } from './parents.ts';
import type { AnyResource, ResourcePlan } from './plan.ts';

/** What a list may tell its caller, who may not read everything that the query names. */
export interface Discretion {
  /** No resource can be told to match. */
  readonly nothing: boolean;
  /** What must hold of each resource that is told of, beside what the query says. */
  readonly tests: readonly Test[];
  readonly query: ListQuery;
}

/**
 * A filter on an attribute that the caller may not read matches nothing; where reading depends on the object, only
 * objects whose attribute is readable match. A sort key that the caller may not read in every object has no effect.
 *
 * @param seen whether the caller sees a resource at all
 */
export const discreet = (plan: ResourcePlan, caller: Caller, query: ListQuery, seen: Bound): Discretion => {
  const readable = (attribute: string): Bound => {
    const rule = plan.shown.find((shown) => shown.name === attribute)?.rule;
    return rule === undefined ? true : caller.bound(rule);
  };
  const tagged = Object.values(query.tagFilters).some((tags) => tags.length > 0);
  const named = [
    ...query.filters.map((filter) => filter.attribute),
    ...(tagged ? ['tags'] : []),
    ...(query.changedSince === undefined ? [] : ['updated_at']),
  ];
  const bounds = [seen, ...named.map(readable)];
  return {
    nothing: bounds.includes(false),
    tests: bounds.filter((bound) => typeof bound === 'function'),
    query: { ...query, sorts: query.sorts.filter((sort) => readable(sort.attribute) === true) },
  };
};

/** Those that pass all tests. */
export const tellable = (
  found: readonly AnyResource[],
  targets: Targets,
  tests: Discretion['tests'],
): readonly AnyResource[] => {
  if (tests.length === 0) return found;
  return found.filter((resource) => {
    const target = targets(resource);
    return tests.every((test) => test(target));
  });
};
