import { PolicyNotAuthorized, type PolicyVerb, ruleName } from '@ovenbird/api';
import type { Caller } from '../policy/policy.ts';
import type { Target } from '../policy/target.ts';
import { notFound } from './not-found.ts';
import type { ResourcePlan } from './plan.ts';

declare const operation: unique symbol;

/**
 * Proof that policy allowed an operation on the object at hand. Only this file makes one, and behaviours are reached only
 * through functions that ask for one (`reach.ts`), so that no path can leave the check out.
 */
export interface Permit<O extends string> {
  readonly [operation]: O;
}

// One value serves all permits: what counts is the type, which nobody else can produce.
const granted: unknown = Object.freeze({});
const permit = <O extends string>(): Permit<O> => granted as Permit<O>;

/** The first rule of several that says no. */
const refusing = (caller: Caller, rules: Iterable<string>, target: Target): string | undefined => {
  for (const rule of rules) if (!caller.allows(rule, target)) return rule;
  return undefined;
};

/** Rules of a write: the operation's own, then one for each guarded attribute that the request named. */
export const writeRules = (
  plan: ResourcePlan,
  verb: PolicyVerb,
  guarded: readonly string[],
): readonly string[] => [
  plan.rule(verb),
  ...guarded.map((attribute) => ruleName(plan.definition, verb, attribute)),
];

/** Whether the caller may see the object. */
export const maySee = (plan: ResourcePlan, caller: Caller, target: Target): boolean =>
  caller.allows(plan.rule('get'), target);

/** Throws the resource's 404 when the caller may not see the object. */
export const permitSight = (
  plan: ResourcePlan,
  caller: Caller,
  target: Target,
  id: string,
): Permit<'get'> => {
  if (!maySee(plan, caller, target)) throw notFound(plan.definition, id);
  return permit();
};

/** Throws 403 `PolicyNotAuthorized` naming the rule that said no. */
export const permitRules = <const O extends string>(
  _operation: O,
  caller: Caller,
  rules: Iterable<string>,
  target: Target,
): Permit<O> => {
  const refused = refusing(caller, rules, target);
  if (refused !== undefined) throw PolicyNotAuthorized({ rule: refused });
  return permit();
};

/** The object as somebody who would write it sees it. */
const asWriterSees = ({ definition }: ResourcePlan, target: Target): Target =>
  definition.sharingHidesWrites === true
    ? { ...target, attributes: { ...target.attributes, shared: false } }
    : target;

/**
 * For an operation on a member: 404 when the caller may not even see it, 403 when it may see but not do.
 *
 * @param target what the rules of the operation look at (for an update: with the new values)
 * @param before the object as it is, for the question whether it may be seen
 */
export const permitOnMember = <const O extends string>(
  _operation: O,
  plan: ResourcePlan,
  caller: Caller,
  rules: Iterable<string>,
  target: Target,
  before: Target,
): Permit<O> => {
  const refused = refusing(caller, rules, target);
  if (refused === undefined) return permit();
  permitSight(plan, caller, asWriterSees(plan, before), String(before.attributes[plan.key]));
  throw PolicyNotAuthorized({ rule: refused });
};
