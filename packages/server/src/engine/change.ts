import { parseUpdate, RevisionNumberConstraintFailed } from '@ovenbird/api';
import type { RequestContext } from '../identity/context.ts';
import type { Caller } from '../policy/policy.ts';
import { answerWith } from './answer.ts';
import type { ComputedBehaviour } from './contract.ts';
import { findMember } from './find.ts';
import { type Kernel, type Served, storedOf, writeThrough } from './kernel.ts';
import { permitOnMember, writeRules } from './permit.ts';
import type { AnyResource } from './plan.ts';
import { reachComputedDelete, reachComputedUpdate, reachDelete, reachUpdate } from './reach.ts';
import { computedMember } from './show.ts';

/** What a write on a member may be conditional on. */
export interface Condition {
  /** `If-Match: revision_number=N`. */
  readonly revision: number | undefined;
}

/** Throws ApiError 412 when the member has another revision than the request names. */
export const requireRevision = (current: AnyResource, { revision }: Condition): void => {
  const now = current.revision_number;
  if (revision !== undefined && now !== revision) {
    throw RevisionNumberConstraintFailed({ expected: revision, current: Number(now) });
  }
};

const updateComputed = async (
  kernel: Kernel,
  served: Served<ComputedBehaviour>,
  caller: Caller,
  id: string,
  body: unknown,
): Promise<AnyResource> => {
  const { behaviour, plan, definition } = served;
  const current = await computedMember(served, caller, id);
  const parsed = parseUpdate(definition, body);
  const rules = writeRules(plan, 'update', parsed.guarded);
  const wished = { attributes: { ...current, ...parsed.body } };
  const permit = permitOnMember('update', plan, caller, rules, wished, { attributes: current });
  const updated = await reachComputedUpdate(permit, behaviour, caller.context, current, parsed.body);
  const [answer] = await answerWith(kernel, served, caller, [updated]);
  return { [definition.name]: answer };
};

/**
 * Update one member.
 *
 * @returns `{ port: … }`
 * @throws ApiError 400, 403, 404, 409, 412
 */
export const update = async (
  kernel: Kernel,
  served: Served,
  context: RequestContext,
  id: string,
  body: unknown,
  condition: Condition,
): Promise<AnyResource> => {
  const caller = kernel.caller(context);
  if (served.behaviour.kind === 'computed') {
    return updateComputed(kernel, { ...served, behaviour: served.behaviour }, caller, id, body);
  }
  const stored = storedOf(served);
  const { definition, behaviour, plan } = stored;
  const parsed = parseUpdate(definition, body);
  const rules = writeRules(plan, 'update', parsed.guarded);
  await kernel.prepare(served, context);
  const settle = behaviour.settle?.bind(behaviour);
  const made = await writeThrough<readonly AnyResource[]>(
    kernel,
    caller,
    async (step) => {
      const current = await findMember(kernel, step.tx, stored, caller, id);
      const targets = await kernel.targets(step.tx, served, caller, [plan.rule('get'), ...rules], [current]);
      const wished = targets({ ...current, ...parsed.body });
      const permit = permitOnMember('update', plan, caller, rules, wished, targets(current));
      requireRevision(current, condition);
      return [await reachUpdate(permit, behaviour, step, current, parsed.body)];
    },
    settle,
  );
  const [answer] = await answerWith(kernel, served, caller, made);
  return { [definition.name]: answer };
};

const removeComputed = async (
  served: Served<ComputedBehaviour>,
  caller: Caller,
  id: string,
): Promise<void> => {
  const { behaviour, plan } = served;
  const current = await computedMember(served, caller, id);
  const target = { attributes: current };
  const permit = permitOnMember('delete', plan, caller, [plan.rule('delete')], target, target);
  await reachComputedDelete(permit, behaviour, caller.context, current);
};

/**
 * Delete one member.
 *
 * @throws ApiError 403, 404, 409, 412
 */
export const remove = async (
  kernel: Kernel,
  served: Served,
  context: RequestContext,
  id: string,
  condition: Condition,
): Promise<void> => {
  const caller = kernel.caller(context);
  if (served.behaviour.kind === 'computed') {
    return removeComputed({ ...served, behaviour: served.behaviour }, caller, id);
  }
  const stored = storedOf(served);
  const { behaviour, plan } = stored;
  const rules = [plan.rule('delete')];
  await kernel.prepare(served, context);
  await writeThrough(kernel, caller, async (step) => {
    const current = await findMember(kernel, step.tx, stored, caller, id);
    const targets = await kernel.targets(step.tx, served, caller, [plan.rule('get'), ...rules], [current]);
    const target = targets(current);
    const permit = permitOnMember('delete', plan, caller, rules, target, target);
    requireRevision(current, condition);
    await reachDelete(permit, behaviour, step, current);
  });
};
