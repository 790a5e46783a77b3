import { defineError } from '../errors.ts';

/** 404: no such security group, or none that the caller may see. */
export const SecurityGroupNotFound = defineError<{ id: string }>(
  404,
  'SecurityGroupNotFound',
  (p) => `Security group ${p.id} does not exist`,
);

/** 409: ports (or rules) use the group; `reason` defaults to "in use". */
export const SecurityGroupInUse = defineError<{ id: string; reason?: string }>(
  409,
  'SecurityGroupInUse',
  (p) => `Security Group ${p.id} ${p.reason ?? 'in use'}.`,
);

/** 409: the default group stays. */
export const SecurityGroupCannotRemoveDefault = defineError<void>(
  409,
  'SecurityGroupCannotRemoveDefault',
  () => 'Insufficient rights for removing default security group.',
);

/** 409: the default group keeps its name. */
export const SecurityGroupCannotUpdateDefault = defineError<void>(
  409,
  'SecurityGroupCannotUpdateDefault',
  () => 'Updating default security group not allowed.',
);

/** 409: only the service itself makes a group named `default`. */
export const SecurityGroupDefaultAlreadyExists = defineError<void>(
  409,
  'SecurityGroupDefaultAlreadyExists',
  () => 'Default security group already exists.',
);

/** 409: the groups of one port do not go together (stateful and stateless). */
export const SecurityGroupConflict = defineError<{ reason: string }>(
  409,
  'SecurityGroupConflict',
  (p) => `Error ${p.reason} while attempting the operation.`,
);
