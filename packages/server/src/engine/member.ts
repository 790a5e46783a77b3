import {
  HTTPNotFound,
  type MemberAction,
  type ParsedBody,
  PolicyNotAuthorized,
  parseCreate,
  parseListQuery,
  parseUpdate,
  type QueryPairs,
} from '@ovenbird/api';
import type { Reader } from '../db/database.ts';
import type { RequestContext } from '../identity/context.ts';
import type { Caller } from '../policy/policy.ts';
import { extParent, type Target } from '../policy/target.ts';
import type { MemberBehaviour, ParentMember, WriteStep } from './contract.ts';
import { refuseForeignOwner } from './create.ts';
import { findMember } from './find.ts';
import { type Kernel, type Served, storedOf, writeThrough } from './kernel.ts';
import { listInMemory } from './list.ts';
import type { Page } from './page.ts';
import { maySee, type Permit, permitRules, permitSight, writeRules } from './permit.ts';
import type { AnyResource } from './plan.ts';
import { presenterFor } from './present.ts';
import { reachMemberAction, reachMemberCreate, reachMemberDelete, reachMemberUpdate } from './reach.ts';

/** A sub-resource and the resource that it hangs below. */
interface Place {
  readonly kernel: Kernel;
  readonly served: Served<MemberBehaviour>;
  readonly owner: Served;
  readonly caller: Caller;
}

const placeOf = (kernel: Kernel, served: Served, context: RequestContext): Place => {
  const { behaviour, definition } = served;
  const owner = kernel.served.get(definition.memberOf?.resource ?? '');
  if (behaviour.kind !== 'member' || owner === undefined)
    throw new Error(`${definition.name} is no sub-resource`);
  return { kernel, served: { ...served, behaviour }, owner, caller: kernel.caller(context) };
};

/** The parent, once the caller may see it. Throws the parent's 404. */
const parentOf = async (
  { kernel, owner, caller }: Place,
  reader: Reader,
  id: string,
): Promise<ParentMember> => {
  const found = await findMember(kernel, reader, storedOf(owner), caller, id);
  const targets = await kernel.targets(reader, owner, caller, [owner.plan.rule('get')], [found]);
  permitSight(owner.plan, caller, targets(found), id);
  return { ...found, id, project_id: String(found.project_id) };
};

/** A sub-resource belongs to whoever owns its parent. */
const targetOf = (place: Place, parent: ParentMember, resource: AnyResource): Target => {
  const facts = { projectId: parent.project_id, shared: false };
  return {
    attributes: { ...resource, project_id: parent.project_id },
    parents: { [place.owner.definition.name]: facts, [extParent]: facts },
  };
};

const memberOf = async (
  place: Place,
  reader: Reader,
  parent: ParentMember,
  key: string,
): Promise<AnyResource> => {
  const { behaviour, plan } = place.served;
  const all: readonly AnyResource[] = await behaviour.list(reader, parent);
  const found = all.find((one) => String(one[plan.key]) === key);
  if (found === undefined || !maySee(plan, place.caller, targetOf(place, parent, found)))
    throw behaviour.notFound?.(parent, key) ?? HTTPNotFound();
  return found;
};

const absent = ({ served }: Place, parent: ParentMember, key: string): Error =>
  served.behaviour.notFound?.(parent, key) ?? HTTPNotFound();

/** The member that a write means. Who may write may be one who cannot read (services), so that only its being there counts. */
const writable = async (
  place: Place,
  step: WriteStep,
  parent: ParentMember,
  key: string,
): Promise<AnyResource> => {
  const { behaviour, plan } = place.served;
  const all: readonly AnyResource[] = await behaviour.list(step.tx, parent);
  const found = all.find((one) => String(one[plan.key]) === key);
  if (found === undefined) throw absent(place, parent, key);
  return found;
};

/** Throws 403, or for one who may not even see the member the same 404 as if it were not there. */
const permitBelow = <const O extends string>(
  operation: O,
  place: Place,
  rules: readonly string[],
  parent: ParentMember,
  current: AnyResource,
  wished: AnyResource = current,
): Permit<O> => {
  const { plan } = place.served;
  const target = targetOf(place, parent, wished);
  const denied = rules.some((rule) => !place.caller.allows(rule, target));
  if (denied && !maySee(plan, place.caller, targetOf(place, parent, current)))
    throw absent(place, parent, String(current[plan.key]));
  return permitRules(operation, place.caller, rules, target);
};

const answer = (
  place: Place,
  parent: ParentMember,
  resource: AnyResource,
  fields: readonly string[] = [],
): AnyResource => {
  const presenter = presenterFor(place.served.plan, place.caller, fields);
  return {
    [place.served.definition.name]: presenter.present(resource, () => targetOf(place, parent, resource)),
  };
};

/** A write below a parent: find it, do `first`, settle, answer. */
const writeBelow = async (
  place: Place,
  parentId: string,
  first: (step: WriteStep, parent: ParentMember) => Promise<AnyResource>,
): Promise<AnyResource> => {
  const { behaviour } = place.served;
  const { parent, resource } = await writeThrough(
    place.kernel,
    place.caller,
    async (step) => {
      const found = await parentOf(place, step.tx, parentId);
      return { parent: found, resource: await first(step, found) };
    },
    async (write, made) => ({
      ...made,
      resource: (await behaviour.settle?.(write, made.parent, made.resource)) ?? made.resource,
    }),
  );
  return answer(place, parent, resource);
};

/** List a sub-collection. Throws ApiError 400, 403, 404 (the parent). */
export const listBelow = async (
  kernel: Kernel,
  served: Served,
  context: RequestContext,
  parentId: string,
  pairs: QueryPairs,
): Promise<Page> => {
  const place = placeOf(kernel, served, context);
  const { maxLimit } = kernel.options;
  const query = parseListQuery(served.definition, pairs, maxLimit === undefined ? {} : { maxLimit });
  return kernel.options.database.read(async (reader) => {
    const parent = await parentOf(place, reader, parentId);
    const all: readonly AnyResource[] = await place.served.behaviour.list(reader, parent);
    const seen = all.filter((one) => maySee(served.plan, place.caller, targetOf(place, parent, one)));
    return listInMemory(served.plan, place.caller, query, seen, (one) => targetOf(place, parent, one));
  });
};

/** Show one member, cut to `fields` if any are named. Throws ApiError 404. */
export const showBelow = async (
  kernel: Kernel,
  served: Served,
  context: RequestContext,
  parentId: string,
  key: string,
  fields: readonly string[],
): Promise<AnyResource> => {
  const place = placeOf(kernel, served, context);
  return kernel.options.database.read(async (reader) => {
    const parent = await parentOf(place, reader, parentId);
    return answer(place, parent, await memberOf(place, reader, parent, key), fields);
  });
};

/** Create one. Throws ApiError 400, 403, 404, 409. */
export const createBelow = async (
  kernel: Kernel,
  served: Served,
  context: RequestContext,
  parentId: string,
  body: unknown,
): Promise<AnyResource> => {
  const place = placeOf(kernel, served, context);
  const parsed: ParsedBody<AnyResource> = parseCreate(served.definition, body);
  // It is its parent's owner's anyway.
  refuseForeignOwner(place.caller, parsed.body.project_id);
  const rules = writeRules(served.plan, 'create', parsed.guarded);
  // Who may create below no parent at all is told so, whether this one is there or not.
  const never = rules.find((rule) => place.caller.bound(rule) === false);
  if (never !== undefined) throw PolicyNotAuthorized({ rule: never });
  return writeBelow(place, parentId, async (step, parent) => {
    const permit = permitRules('create', place.caller, rules, targetOf(place, parent, parsed.body));
    return reachMemberCreate(permit, place.served.behaviour, step, parent, parsed.body);
  });
};

/** Update one. Throws ApiError 400, 403, 404, 409. */
export const updateBelow = async (
  kernel: Kernel,
  served: Served,
  context: RequestContext,
  parentId: string,
  key: string,
  body: unknown,
): Promise<AnyResource> => {
  const place = placeOf(kernel, served, context);
  const parsed: ParsedBody<AnyResource> = parseUpdate(served.definition, body);
  const rules = writeRules(served.plan, 'update', parsed.guarded);
  return writeBelow(place, parentId, async (step, parent) => {
    const current = await writable(place, step, parent, key);
    const wished = { ...current, ...parsed.body };
    const permit = permitBelow('update', place, rules, parent, current, wished);
    return reachMemberUpdate(permit, place.served.behaviour, step, parent, current, parsed.body);
  });
};

/** Delete one. Throws ApiError 403, 404, 409. */
export const removeBelow = async (
  kernel: Kernel,
  served: Served,
  context: RequestContext,
  parentId: string,
  key: string,
): Promise<void> => {
  const place = placeOf(kernel, served, context);
  const rules = [served.plan.rule('delete')];
  await writeThrough(kernel, place.caller, async (step) => {
    const parent = await parentOf(place, step.tx, parentId);
    const current = await writable(place, step, parent, key);
    const permit = permitBelow('delete', place, rules, parent, current);
    await reachMemberDelete(permit, place.served.behaviour, step, parent, current);
  });
};

/** Run an action of a member. Throws ApiError 403, 404, 409. */
export const actBelow = async (
  kernel: Kernel,
  served: Served,
  context: RequestContext,
  parentId: string,
  key: string,
  named: { readonly name: string; readonly action: MemberAction },
): Promise<AnyResource> => {
  const place = placeOf(kernel, served, context);
  const rules = [named.action.policy];
  return writeBelow(place, parentId, async (step, parent) => {
    const current = await writable(place, step, parent, key);
    const permit = permitBelow('action', place, rules, parent, current);
    return reachMemberAction(permit, place.served.behaviour, named.name, step, parent, current);
  });
};
