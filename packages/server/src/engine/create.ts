import {
  HTTPBadRequest,
  isBulk,
  type ParsedBody,
  PolicyNotAuthorized,
  parseBulk,
  parseCreate,
} from '@ovenbird/api';
import type { RequestContext } from '../identity/context.ts';
import type { Caller } from '../policy/policy.ts';
import { answerWith } from './answer.ts';
import type { StoredBehaviour, WriteStep } from './contract.ts';
import { findMember } from './find.ts';
import { type Kernel, type Served, storedOf, writeThrough } from './kernel.ts';
import { type Permit, permitRules, permitSight, writeRules } from './permit.ts';
import type { AnyResource } from './plan.ts';
import { reachCreate } from './reach.ts';

/** One body of a create, its owner filled in. */
interface Wish {
  readonly body: AnyResource;
  readonly rules: readonly string[];
}

/** Throws ApiError 400 when a body names a project that the caller may not make things for. */
export const refuseForeignOwner = (caller: Caller, given: unknown): void => {
  if (typeof given !== 'string' || given === caller.context.projectId || caller.namesProjects) return;
  const message =
    "Specifying 'project_id' or 'tenant_id' other than the authenticated project in request is not allowed for current user.";
  throw HTTPBadRequest({ message });
};

/**
 * The owner of what is made, if any: the caller's project, or for administrators, services and whoever else may name
 * projects the one that the body names.
 *
 * @throws ApiError 400 for another project, or when there is none
 */
const ownerOf = (caller: Caller, given: unknown): string | null => {
  // Only where a resource may be about no project in particular; its policy says who may.
  if (given === null) return null;
  const own = caller.context.projectId;
  refuseForeignOwner(caller, given);
  const owner = typeof given === 'string' ? given : own;
  if (owner === '') {
    throw HTTPBadRequest({ message: 'Running without a project requires that project_id is specified' });
  }
  return owner;
};

const wishOf = ({ plan, definition }: Served, caller: Caller, parsed: ParsedBody<AnyResource>): Wish => {
  // Whose it would be is no question then.
  if (caller.isForeign) throw PolicyNotAuthorized({ rule: plan.rule('create') });
  const owned = Object.hasOwn(definition.attributes, 'project_id');
  return {
    body: owned ? { ...parsed.body, project_id: ownerOf(caller, parsed.body.project_id) } : parsed.body,
    rules: writeRules(plan, 'create', parsed.guarded),
  };
};

/** Somebody else's parent that the caller may not even see reads as one that is not there. */
const refuseUnseenParent = async (
  kernel: Kernel,
  served: Served,
  caller: Caller,
  step: WriteStep,
  body: AnyResource,
): Promise<void> => {
  const { parent } = served;
  const owner = parent === undefined ? undefined : kernel.served.get(parent.resource);
  const id = parent === undefined ? undefined : body[parent.attribute];
  if (owner === undefined || typeof id !== 'string') return;
  const found = await findMember(kernel, step.tx, storedOf(owner), caller, id, owner.plan.readKeys);
  const targets = await kernel.targets(step.tx, owner, caller, [owner.plan.rule('get')], [found]);
  permitSight(owner.plan, caller, targets(found), id);
};

const permitAll = async (
  kernel: Kernel,
  served: Served,
  caller: Caller,
  step: WriteStep,
  wishes: readonly Wish[],
): Promise<Permit<'create'>> => {
  const rules = [...new Set(wishes.flatMap((wish) => wish.rules))];
  const bodies = wishes.map((wish) => wish.body);
  const targets = await kernel.targets(step.tx, served, caller, rules, bodies);
  let permit: Permit<'create'> | undefined;
  for (const wish of wishes) {
    try {
      permit = permitRules('create', caller, wish.rules, targets(wish.body));
    } catch (error) {
      await refuseUnseenParent(kernel, served, caller, step, wish.body);
      throw error;
    }
  }
  // The parser refuses empty lists, so that there is always a first wish.
  if (permit === undefined) throw HTTPBadRequest({ message: 'Resources required' });
  return permit;
};

const requireQuota = async (
  kernel: Kernel,
  { definition, behaviour }: Served<StoredBehaviour>,
  step: WriteStep,
  wishes: readonly Wish[],
): Promise<void> => {
  const { quota } = definition;
  if (quota === undefined) return;
  const added = new Map<string, number>();
  for (const { body } of wishes) {
    const projectId = String(body.project_id);
    added.set(projectId, (added.get(projectId) ?? 0) + 1);
  }
  for (const [projectId, count] of added) {
    await kernel.options.quota.require(step.tx, {
      quota,
      table: behaviour.store.table,
      projectId,
      added: count,
    });
  }
};

/** Policy, quota and behaviour, in this order, within a transaction. */
const createAll = async (
  kernel: Kernel,
  stored: Served<StoredBehaviour>,
  caller: Caller,
  step: WriteStep,
  wishes: readonly Wish[],
): Promise<readonly AnyResource[]> => {
  const permit = await permitAll(kernel, stored, caller, step, wishes);
  await requireQuota(kernel, stored, step, wishes);
  return reachCreate(
    permit,
    stored.behaviour,
    step,
    wishes.map((wish) => wish.body),
  );
};

/**
 * Create one resource of those that do not settle, as part of a larger write: what {@link create} does inside its
 * transaction.
 *
 * @param body `{ network: … }`, as a request gives it
 * @throws ApiError 400, 403, 404, 409
 */
export const createWithin = async (
  kernel: Kernel,
  served: Served,
  caller: Caller,
  step: WriteStep,
  body: unknown,
): Promise<AnyResource> => {
  const stored = storedOf(served);
  const wish = wishOf(stored, caller, parseCreate(stored.definition, body));
  const [made] = await createAll(kernel, stored, caller, step, [wish]);
  if (made === undefined) throw new Error(`${stored.definition.name} was not made`);
  return made;
};

/**
 * Create one resource or, from a body with the plural key, several; all or none.
 *
 * @returns what to answer: `{ port: … }` or `{ ports: […] }`
 * @throws ApiError 400, 403, 404, 409
 */
export const create = async (
  kernel: Kernel,
  served: Served,
  context: RequestContext,
  body: unknown,
): Promise<AnyResource> => {
  const stored = storedOf(served);
  const { definition, behaviour } = stored;
  const caller = kernel.caller(context);
  const bulk = isBulk(definition, body);
  if (bulk && !(kernel.options.bulk && definition.operations.includes('bulk'))) {
    throw HTTPBadRequest({ message: 'Bulk operation not supported' });
  }
  const parsed = bulk ? parseBulk(definition, body) : [parseCreate(definition, body)];
  const wishes = parsed.map((one) => wishOf(served, caller, one));
  await kernel.prepare(served, context);
  const settle = behaviour.settle?.bind(behaviour);
  const made = await writeThrough<readonly AnyResource[]>(
    kernel,
    caller,
    (step) => createAll(kernel, stored, caller, step, wishes),
    settle,
  );
  const answers = await answerWith(kernel, served, caller, made);
  return bulk ? { [definition.collection]: answers } : { [definition.name]: answers[0] };
};
