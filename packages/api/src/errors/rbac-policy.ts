import { defineError } from '../errors.ts';

/** 404: no such policy, or none that the caller may see. */
export const RbacPolicyNotFound = defineError<{ id: string; objectType?: string }>(
  404,
  'RbacPolicyNotFound',
  (p) => `RBAC policy of type ${p.objectType ?? 'unknown'} with ID ${p.id} not found`,
);

/** 409: what other projects made depends on the access that would be taken away. */
export const RbacPolicyInUse = defineError<{ objectId: string; details: string }>(
  409,
  'RbacPolicyInUse',
  (p) =>
    `RBAC policy on object ${p.objectId} cannot be removed because other objects depend on it.\nDetails: ${p.details}`,
);

/** 409: the object is granted to the project already. */
export const DuplicateRbacPolicy = defineError<void>(
  409,
  'DuplicateRbacPolicy',
  () => 'An RBAC policy already exists with those values.',
);

/** 400: objects of the type cannot be granted this way. */
export const InvalidActionForType = defineError<{
  action: string;
  objectType: string;
  valid: readonly string[];
}>(
  400,
  'InvalidActionForType',
  (p) =>
    `Invalid action '${p.action}' for object type '${p.objectType}'. Valid actions: ${p.valid.join(', ')}`,
);
