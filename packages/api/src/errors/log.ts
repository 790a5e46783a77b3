import { defineError } from '../errors.ts';

/** 404: no such log, or none that the caller may see. */
export const LogResourceNotFound = defineError<{ id: string }>(
  404,
  'LogResourceNotFound',
  (p) => `Log resource ${p.id} could not be found.`,
);

/** 400: resources of this type cannot be logged. */
export const InvalidLogResourceType = defineError<{ resourceType: string }>(
  400,
  'InvalidLogResourceType',
  (p) => `Invalid log resource_type: ${p.resourceType}.`,
);

/** 404: the resource to be logged is not there. */
export const ResourceNotFound = defineError<{ id: string }>(
  404,
  'ResourceNotFound',
  (p) => `Resource ${p.id} could not be found.`,
);

/** 404: the port whose traffic is to be logged is not there. */
export const TargetResourceNotFound = defineError<{ id: string }>(
  404,
  'TargetResourceNotFound',
  (p) => `Target resource ${p.id} could not be found.`,
);

/** 400: the port does not have the security group. */
export const InvalidResourceConstraint = defineError<{ resourceId: string; targetId: string }>(
  400,
  'InvalidResourceConstraint',
  (p) =>
    `Invalid resource constraint between resource (security_group ${p.resourceId}) and target resource ` +
    `(port ${p.targetId}).`,
);

/** 409: ports that are plugged in this way cannot be logged. */
export const LoggingTypeNotSupported = defineError<{ logType: string; portId: string }>(
  409,
  'LoggingTypeNotSupported',
  (p) => `Logging type ${p.logType} is not supported on port ${p.portId}.`,
);
