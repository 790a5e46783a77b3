import { setImmediate as othersFirst } from 'node:timers/promises';
import { ApiError, type ListQuery, parseListQuery, type QueryPairs } from '@ovenbird/api';
import { listRows } from '../db/query/rows.ts';
import type { RequestContext } from '../identity/context.ts';
import type { Bound } from '../policy/compile.ts';
import type { Caller } from '../policy/policy.ts';
import type { Target } from '../policy/target.ts';
import type { ComputedBehaviour, StoredBehaviour } from './contract.ts';
import { type Kernel, type Served, storedOf } from './kernel.ts';
import { selectInMemory } from './memory-list.ts';
import { notFound } from './not-found.ts';
import { type Page, PageMaker } from './page.ts';
import { plainTargets, type Targets } from './parents.ts';
import type { AnyResource, ResourcePlan } from './plan.ts';
import { type Presenter, presenterFor } from './present.ts';

/** What filters and sort keys may tell a caller who may not read the attributes that they name. */
interface Discretion {
  /** No such resource can be told to match. */
  readonly nothing: boolean;
  /** Each match must be readable too. */
  readonly tests: readonly Exclude<Bound, boolean>[];
  readonly query: ListQuery;
}

/**
 * A filter on an attribute that the caller may not read matches nothing; where reading depends on the object, only
 * objects whose attribute is readable match. A sort key that the caller may not read in every object has no effect.
 */
const discreet = (plan: ResourcePlan, caller: Caller, query: ListQuery): Discretion => {
  const readable = (attribute: string): Bound => {
    const rule = plan.shown.find((shown) => shown.name === attribute)?.rule;
    return rule === undefined ? true : caller.bound(rule);
  };
  const tagged = Object.values(query.tagFilters).some((tags) => tags.length > 0);
  const filtered = [...query.filters.map((filter) => filter.attribute), ...(tagged ? ['tags'] : [])].map(
    readable,
  );
  return {
    nothing: filtered.includes(false),
    tests: filtered.filter((bound) => typeof bound === 'function'),
    query: { ...query, sorts: query.sorts.filter((sort) => readable(sort.attribute) === true) },
  };
};

/** Resources that are assembled, shown and spelled together. */
const PIECE = 512;

const showAll = (
  found: readonly AnyResource[],
  targets: Targets,
  tests: readonly Exclude<Bound, boolean>[],
  presenter: Presenter,
): readonly AnyResource[] => {
  const items: AnyResource[] = [];
  for (const resource of found) {
    let known: Target | undefined;
    const target = (): Target => {
      known ??= targets(resource);
      return known;
    };
    if (tests.length === 0 || tests.every((test) => test(target())))
      items.push(presenter.present(resource, target));
  }
  return items;
};

const listStored = async (
  kernel: Kernel,
  served: Served<StoredBehaviour>,
  caller: Caller,
  query: ListQuery,
  tests: readonly Exclude<Bound, boolean>[],
): Promise<Page> => {
  const { plan, behaviour } = served;
  const presenter = presenterFor(plan, caller, query.fields);
  return kernel.options.database.read(async (reader) => {
    const scope = kernel.scope(caller, behaviour.store);
    const rows = await listRows(reader, behaviour.store, query, scope, caller.context.projectId).catch(
      (error: unknown) => {
        const lost = error instanceof ApiError && error.status === 404 ? query.marker : undefined;
        throw lost === undefined ? error : notFound(served.definition, lost);
      },
    );
    const rules = [plan.rule('get'), ...plan.shown.flatMap((attribute) => attribute.rule ?? [])];
    const maker = new PageMaker(plan, query);
    for (let start = 0; start < rows.length; start += PIECE) {
      // A long list neither holds up everybody else nor keeps all that it is made of.
      if (start > 0) await othersFirst();
      const some = rows.slice(start, start + PIECE);
      const found = await behaviour.store.assemble(reader, some, presenter.wanted, caller.context);
      const targets = await kernel.targets(reader, served, caller, rules, found);
      maker.add(found, showAll(found, targets, tests, presenter));
    }
    return maker.page();
  });
};

/** A list of resources that are not in SQL: filtered, sorted and paged here. */
export const listInMemory = (
  plan: ResourcePlan,
  caller: Caller,
  query: ListQuery,
  all: readonly AnyResource[],
  tests: readonly Exclude<Bound, boolean>[] = [],
  targets: Targets = plainTargets,
): Page => {
  const found = selectInMemory(plan, query, all);
  const items = showAll(found, targets, tests, presenterFor(plan, caller, query.fields));
  return new PageMaker(plan, query).add(found, items).page();
};

const listComputed = async (
  { plan, behaviour }: Served<ComputedBehaviour>,
  caller: Caller,
  query: ListQuery,
  tests: readonly Exclude<Bound, boolean>[],
): Promise<Page> => {
  const all: readonly AnyResource[] = await behaviour.all(caller, query);
  return listInMemory(plan, caller, query, all, tests);
};

/**
 * List a collection. What the caller may not see is left out, as the reference does; nobody gets a 403 for a list.
 *
 * @throws ApiError 400 for a bad query
 */
export const list = async (
  kernel: Kernel,
  served: Served,
  context: RequestContext,
  pairs: QueryPairs,
): Promise<Page> => {
  const { plan, definition, behaviour } = served;
  const { maxLimit } = kernel.options;
  const parsed = parseListQuery(definition, pairs, maxLimit === undefined ? {} : { maxLimit });
  const caller = kernel.caller(context);
  const { nothing, tests, query } = discreet(plan, caller, parsed);
  await kernel.prepare(served, context);
  const seen = caller.bound(plan.rule('get'));
  if (nothing || seen === false) return new PageMaker(plan, query).page();
  const all = seen === true ? tests : [seen, ...tests];
  if (behaviour.kind === 'computed') return listComputed({ ...served, behaviour }, caller, query, all);
  return listStored(kernel, storedOf(served), caller, query, all);
};
