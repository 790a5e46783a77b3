import type { MemberAction } from '@ovenbird/api';
import type { RequestContext } from '../identity/context.ts';
import type { ActionRequest } from './contract.ts';
import { findMember } from './find.ts';
import { type Kernel, type Served, storedOf, writeThrough } from './kernel.ts';
import { permitOnMember } from './permit.ts';
import { reachAction } from './reach.ts';

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
  named: { readonly name: string; readonly action: MemberAction },
  request: ActionRequest,
): Promise<unknown> => {
  const stored = storedOf(served);
  const { behaviour, plan } = stored;
  const caller = kernel.caller(context);
  const rules = [named.action.policy];
  await kernel.prepare(served, context);
  return writeThrough<unknown>(kernel, caller, async (step) => {
    const member = await findMember(kernel, step.tx, stored, caller, id);
    const targets = await kernel.targets(step.tx, served, caller, [plan.rule('get'), ...rules], [member]);
    const target = targets(member);
    const permit = permitOnMember('action', plan, caller, rules, target, target);
    return reachAction(permit, behaviour, named.name, step, member, request);
  });
};
