import { HTTPMethodNotAllowed } from '@ovenbird/api';
import type { RequestContext } from '../identity/context.ts';
import type {
  ActionRequest,
  ComputedBehaviour,
  MemberBehaviour,
  ParentMember,
  StoredBehaviour,
  WriteStep,
} from './contract.ts';
import type { Permit } from './permit.ts';
import type { AnyResource } from './plan.ts';

/**
 * The only calls of behaviours that change something. Each takes the permit for its operation. A behaviour without the
 * operation answers 405: the definition promised more than there is.
 */
export const reachCreate = async (
  _permit: Permit<'create'>,
  behaviour: StoredBehaviour,
  step: WriteStep,
  bodies: readonly AnyResource[],
): Promise<readonly AnyResource[]> => {
  if (behaviour.create === undefined) throw HTTPMethodNotAllowed({ method: 'POST' });
  return behaviour.create(step, bodies);
};

export const reachUpdate = async (
  _permit: Permit<'update'>,
  behaviour: StoredBehaviour,
  step: WriteStep,
  current: AnyResource,
  body: AnyResource,
): Promise<AnyResource> => {
  if (behaviour.update === undefined) throw HTTPMethodNotAllowed({ method: 'PUT' });
  return behaviour.update(step, current, body);
};

export const reachDelete = async (
  _permit: Permit<'delete'>,
  behaviour: StoredBehaviour,
  step: WriteStep,
  current: AnyResource,
): Promise<void> => {
  if (behaviour.delete === undefined) throw HTTPMethodNotAllowed({ method: 'DELETE' });
  await behaviour.delete(step, current);
};

export const reachAction = async (
  _permit: Permit<'action'>,
  behaviour: StoredBehaviour,
  name: string,
  step: WriteStep,
  member: AnyResource,
  request: ActionRequest,
): Promise<unknown> => {
  const action = behaviour.actions?.[name];
  if (action === undefined) throw HTTPMethodNotAllowed({ method: name });
  return action(step, member, request);
};

export const reachMemberCreate = async (
  _permit: Permit<'create'>,
  behaviour: MemberBehaviour,
  step: WriteStep,
  parent: ParentMember,
  body: AnyResource,
): Promise<AnyResource> => {
  if (behaviour.create === undefined) throw HTTPMethodNotAllowed({ method: 'POST' });
  return behaviour.create(step, parent, body);
};

export const reachMemberUpdate = async (
  _permit: Permit<'update'>,
  behaviour: MemberBehaviour,
  step: WriteStep,
  parent: ParentMember,
  current: AnyResource,
  body: AnyResource,
): Promise<AnyResource> => {
  if (behaviour.update === undefined) throw HTTPMethodNotAllowed({ method: 'PUT' });
  return behaviour.update(step, parent, current, body);
};

export const reachMemberDelete = async (
  _permit: Permit<'delete'>,
  behaviour: MemberBehaviour,
  step: WriteStep,
  parent: ParentMember,
  current: AnyResource,
): Promise<void> => {
  if (behaviour.delete === undefined) throw HTTPMethodNotAllowed({ method: 'DELETE' });
  await behaviour.delete(step, parent, current);
};

export const reachMemberAction = async (
  _permit: Permit<'action'>,
  behaviour: MemberBehaviour,
  name: string,
  step: WriteStep,
  parent: ParentMember,
  current: AnyResource,
): Promise<AnyResource> => {
  const action = behaviour.actions?.[name];
  if (action === undefined) throw HTTPMethodNotAllowed({ method: name });
  return action(step, parent, current);
};

export const reachComputedUpdate = async (
  _permit: Permit<'update'>,
  behaviour: ComputedBehaviour,
  context: RequestContext,
  current: AnyResource,
  body: AnyResource,
): Promise<AnyResource> => {
  if (behaviour.update === undefined) throw HTTPMethodNotAllowed({ method: 'PUT' });
  return behaviour.update(context, current, body);
};

export const reachComputedDelete = async (
  _permit: Permit<'delete'>,
  behaviour: ComputedBehaviour,
  context: RequestContext,
  current: AnyResource,
): Promise<void> => {
  if (behaviour.delete === undefined) throw HTTPMethodNotAllowed({ method: 'DELETE' });
  await behaviour.delete(context, current);
};

export const reachView = async (
  _permit: Permit<'view'>,
  behaviour: StoredBehaviour | ComputedBehaviour,
  name: string,
  member: AnyResource,
): Promise<unknown> => {
  const view = behaviour.views?.[name];
  if (view === undefined) throw HTTPMethodNotAllowed({ method: name });
  return view(member);
};
