import { guardsOf, isDict, type MemberAction, type ResourceDefinition } from '@ovenbird/api';
import type { RequestContext } from '../identity/context.ts';
import type { Caller } from '../policy/policy.ts';
import { answerWith } from './answer.ts';
import type { ActionRequest } from './contract.ts';
import { findMember } from './find.ts';
import { type Kernel, type Served, storedOf, writeThrough } from './kernel.ts';
import { permitOnMember } from './permit.ts';
import type { AnyResource } from './plan.ts';
import { reachAction, reachView } from './reach.ts';
import { computedMember } from './show.ts';

interface NamedAction {
  readonly name: string;
  readonly action: MemberAction;
}

/** Rules of an action: its own, and those of the attribute of its body that has some. */
const rulesOf = (
  { name }: ResourceDefinition,
  { policy, guarded }: MemberAction,
  body: unknown,
): readonly string[] => {
  const member = isDict(body) && Object.hasOwn(body, name) ? body[name] : undefined;
  if (guarded === undefined || !isDict(member) || !Object.hasOwn(member, guarded.attribute)) return [policy];
  const ends = guardsOf(guarded.attribute, guarded.subPolicy, member[guarded.attribute]);
  return [policy, ...ends.map((end) => `${policy}:${end}`)];
};

// An action that says it returns the member is written to do so.
const memberIn = (result: unknown): AnyResource => result as AnyResource;

/** Answer a member action that only reads. The member is found and the right checked before; nothing is held then. */
const view = async (
  kernel: Kernel,
  served: Served,
  caller: Caller,
  id: string,
  { name, action }: NamedAction,
): Promise<unknown> => {
  const { behaviour, plan } = served;
  const rules = [action.policy];
  if (behaviour.kind === 'computed') {
    const member = await computedMember(served, caller, id);
    const target = { attributes: member };
    const permit = permitOnMember('view', plan, caller, rules, target, target);
    return reachView(permit, behaviour, name, member);
  }
  const stored = storedOf(served);
  const { member, permit } = await kernel.options.database.readLatest(async (reader) => {
    const found = await findMember(kernel, reader, stored, caller, id);
    const targets = await kernel.targets(reader, served, caller, [plan.rule('get'), ...rules], [found]);
    const target = targets(found);
    return { member: found, permit: permitOnMember('view', plan, caller, rules, target, target) };
  });
  return reachView(permit, stored.behaviour, name, member);
};

const isView = ({ behaviour }: Served, name: string): boolean =>
  behaviour.kind !== 'member' && behaviour.views !== undefined && Object.hasOwn(behaviour.views, name);

/**
 * Run a member action by its name in the definition.
 *
 * @returns the body of the answer; undefined: none
 * @throws ApiError 400, 403, 404, 409
 */
export const act = async (
  kernel: Kernel,
  served: Served,
  context: RequestContext,
  id: string,
  named: NamedAction,
  request: ActionRequest,
): Promise<unknown> => {
  const caller = kernel.caller(context);
  if (isView(served, named.name)) return view(kernel, served, caller, id, named);
  const stored = storedOf(served);
  const { behaviour, plan } = stored;
  const rules = rulesOf(served.definition, named.action, request.body);
  await kernel.prepare(served, context);
  const result = await writeThrough<unknown>(kernel, caller, async (step) => {
    const member = await findMember(kernel, step.tx, stored, caller, id);
    const targets = await kernel.targets(step.tx, served, caller, [plan.rule('get'), ...rules], [member]);
    const target = targets(member);
    const permit = permitOnMember('action', plan, caller, rules, target, target);
    return reachAction(permit, behaviour, named.name, step, member, request);
  });
  if (named.action.returns !== 'member') return result;
  const [answer] = await answerWith(kernel, served, caller, [memberIn(result)]);
  return { [served.definition.name]: answer };
};
