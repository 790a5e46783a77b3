import { type ListQuery, parseListQuery, type QueryPairs } from '@ovenbird/api';
import type { RequestContext } from '../identity/context.ts';
import type { Caller } from '../policy/policy.ts';
import { type Discretion, discreet, tellable } from './discretion.ts';
import { type Kernel, type Served, storedOf } from './kernel.ts';
import { selectInMemory } from './memory-list.ts';
import { type Page, PageMaker } from './page.ts';
import { plainTargets, type Targets } from './parents.ts';
import type { AnyResource, ResourcePlan } from './plan.ts';
import { presentAll, presenterFor } from './present.ts';
import { listStored } from './stored-list.ts';

const selected = (
  plan: ResourcePlan,
  caller: Caller,
  { query, tests }: Discretion,
  all: readonly AnyResource[],
  targets: Targets,
): Page => {
  const found = selectInMemory(plan, query, tellable(all, targets, tests));
  const items = presentAll(found, targets, presenterFor(plan, caller, query.fields));
  return new PageMaker(plan, query).add(found, items).page();
};

/** A list of resources that are not in SQL, all of which the caller sees: filtered, sorted and paged here. */
export const listInMemory = (
  plan: ResourcePlan,
  caller: Caller,
  asked: ListQuery,
  all: readonly AnyResource[],
  targets: Targets = plainTargets,
): Page => {
  const discretion = discreet(plan, caller, asked, true);
  return selected(plan, caller, discretion, discretion.nothing ? [] : all, targets);
};

/** The project that is asked about: the one that an administrator names, else the caller's own. */
const projectAskedAbout = (caller: Caller, { filters }: ListQuery): string => {
  const own = caller.context.projectId;
  const named = filters.find(({ attribute }) => attribute === 'project_id');
  if (!caller.isAdmin || named?.kind !== 'equal') return own;
  const [project, ...others] = named.values;
  return typeof project === 'string' && others.length === 0 ? project : own;
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
  const discretion = discreet(plan, caller, parsed, caller.bound(plan.rule('get')));
  const { requestId } = context;
  // A later page follows a first one, and is refused where its marker is not there: that must change nothing.
  if (parsed.marker === undefined)
    await kernel.prepare(served, { requestId, projectId: projectAskedAbout(caller, parsed) });
  if (discretion.nothing) return new PageMaker(plan, discretion.query).page();
  if (behaviour.kind !== 'computed') return listStored(kernel, storedOf(served), caller, discretion);
  return selected(plan, caller, discretion, await behaviour.all(caller, discretion.query), plainTargets);
};
