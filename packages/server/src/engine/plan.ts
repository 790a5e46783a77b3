import { type Derived, type PolicyVerb, presenter, type ResourceDefinition, ruleName } from '@ovenbird/api';
import type { Policy } from '../policy/policy.ts';

/** A member of a resource, whatever resource it is. */
export type AnyResource = { readonly [attribute: string]: unknown };

/** What the engine works out once from a definition and the policy, for all requests. */
export interface ResourcePlan {
  readonly definition: ResourceDefinition;
  /** Attribute that names a member. */
  readonly key: string;
  /** `get_port` and its kin. */
  rule(verb: PolicyVerb): string;
  /** Attributes of answers, in order, each with the rule that guards reading it. */
  readonly shown: readonly { readonly name: string; readonly rule: string | undefined }[];
  /** Attributes of answers that are worked out from others. */
  readonly derived: { readonly [attribute: string]: Derived };
  /** Shows whole resources without the hidden attributes. */
  presenter(hidden: ReadonlySet<string>): (resource: AnyResource) => AnyResource;
  /** Attributes that the rules about seeing and reading look at. */
  readonly readKeys: ReadonlySet<string>;
  /** Whether any rule looks at facts of the parent. */
  asksParent(rules: Iterable<string>): boolean;
}

/** One presenter for each set of hidden attributes: there are as many as policy can tell callers apart. */
const presentersOf = (
  definition: ResourceDefinition,
  derived: ResourcePlan['derived'],
): ResourcePlan['presenter'] => {
  const made = new Map<string, ReturnType<typeof presenter>>();
  return (hidden) => {
    const key = [...hidden].join(' ');
    const known = made.get(key);
    if (known !== undefined) return known;
    const present = presenter(definition, { hidden, derived });
    made.set(key, present);
    return present;
  };
};

const parentKey = /:(?:tenant|project)_id$/;

export const planOf = (
  definition: ResourceDefinition,
  policy: Policy,
  derived: ResourcePlan['derived'] = {},
): ResourcePlan => {
  const rule = (verb: PolicyVerb): string => ruleName(definition, verb);
  const shown = Object.entries(definition.attributes)
    .filter(([, attribute]) => attribute.visible)
    .map(([name]) => {
      const own = ruleName(definition, 'get', name);
      return { name, rule: policy.has(own) ? own : undefined };
    });
  const readRules = [rule('get'), ...shown.flatMap((attribute) => attribute.rule ?? [])];
  const readKeys = new Set([definition.key ?? 'id']);
  for (const name of readRules)
    for (const key of policy.keysIn(name)) readKeys.add(key === 'tenant_id' ? 'project_id' : key);
  if (definition.parent !== undefined) readKeys.add(definition.parent.attribute);
  const sharedIsParents = !Object.hasOwn(definition.attributes, 'shared');
  return {
    definition,
    key: definition.key ?? 'id',
    rule,
    shown,
    derived,
    presenter: presentersOf(definition, derived),
    readKeys,
    asksParent: (rules) =>
      definition.parent !== undefined &&
      [...rules].some((name) =>
        [...policy.keysIn(name)].some((key) => parentKey.test(key) || (sharedIsParents && key === 'shared')),
      ),
  };
};
