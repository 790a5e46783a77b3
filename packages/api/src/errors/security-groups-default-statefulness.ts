import { defineError } from '../errors.ts';

/** 404: no such default, or none that the caller may see. */
export const SecurityGroupDefaultStatefulnessNotFound = defineError<{ id: string }>(
  404,
  'SecurityGroupDefaultStatefulnessNotFound',
  (p) => `Security group default statefulness ${p.id} could not be found.`,
);

/** 409: the project, or all projects together, have a default. */
export const SecurityGroupDefaultStatefulnessAlreadyExists = defineError<{ projectId: string }>(
  409,
  'SecurityGroupDefaultStatefulnessAlreadyExists',
  (p) => `A security group default statefulness setting already exists for project '${p.projectId}'.`,
);
