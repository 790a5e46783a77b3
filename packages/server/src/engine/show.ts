import type { RequestContext } from '../identity/context.ts';
import type { Caller } from '../policy/policy.ts';
import { findMember } from './find.ts';
import { type Kernel, type Served, storedOf } from './kernel.ts';
import { notFound } from './not-found.ts';
import { permitSight } from './permit.ts';
import type { AnyResource, ResourcePlan } from './plan.ts';
import { presenterFor } from './present.ts';

/** Rules that decide about seeing an object and reading its attributes. */
export const readRules = (plan: ResourcePlan): readonly string[] => [
  plan.rule('get'),
  ...plan.shown.flatMap((attribute) => attribute.rule ?? []),
];

/** One computed member. Throws the resource's 404 when it is not there or may not be seen. */
export const computedMember = async (served: Served, caller: Caller, id: string): Promise<AnyResource> => {
  const { behaviour, plan, definition } = served;
  if (behaviour.kind !== 'computed') throw new Error(`${definition.name} is not computed`);
  const resource: AnyResource | undefined =
    behaviour.find === undefined
      ? (await behaviour.all(caller)).find((one: AnyResource) => one[plan.key] === id)
      : await behaviour.find(caller, id);
  if (resource === undefined) throw notFound(definition, id);
  permitSight(plan, caller, { attributes: resource }, id);
  return resource;
};

/**
 * One member, cut to `fields` (empty: all).
 *
 * @throws ApiError 404 when it is not there or the caller may not see it
 */
export const show = async (
  kernel: Kernel,
  served: Served,
  context: RequestContext,
  id: string,
  fields: readonly string[],
): Promise<AnyResource> => {
  const caller = kernel.caller(context);
  const { plan } = served;
  const presenter = presenterFor(plan, caller, fields);
  await kernel.prepare(served, context);
  if (served.behaviour.kind === 'computed') {
    const resource = await computedMember(served, caller, id);
    return presenter.present(resource, () => ({ attributes: resource }));
  }
  return kernel.options.database.readLatest(async (reader) => {
    const resource = await findMember(kernel, reader, storedOf(served), caller, id, presenter.wanted);
    const targets = await kernel.targets(reader, served, caller, readRules(plan), [resource]);
    const target = targets(resource);
    permitSight(plan, caller, target, id);
    return presenter.present(resource, () => target);
  });
};
