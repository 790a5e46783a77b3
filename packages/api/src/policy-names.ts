import type { Operation, ResourceDefinition } from './define.ts';

/** The first word of a policy rule. */
export type PolicyVerb = 'create' | 'get' | 'update' | 'delete';

const VERBS: { readonly [O in Operation]: PolicyVerb } = {
  list: 'get',
  show: 'get',
  create: 'create',
  bulk: 'create',
  update: 'update',
  delete: 'delete',
};

/** The verb of the rule that guards an operation. */
export const verbOf = (operation: Operation): PolicyVerb => VERBS[operation];

/**
 * Full name of a policy rule: `create_port`, or with the end that guards an attribute, `create_port:fixed_ips:subnet_id`
 * (ends of a request are in `ParsedBody.guarded`).
 */
export const ruleName = (definition: ResourceDefinition, verb: PolicyVerb, end?: string): string => {
  const stem = `${verb}_${definition.policyName ?? definition.name}`;
  return end === undefined ? stem : `${stem}:${end}`;
};
