import { defineError } from '../errors.ts';

/** 409: the cloud lacks what a topology is made from. */
export const AutoAllocationFailure = defineError<{ reason: string }>(
  409,
  'AutoAllocationFailure',
  (p) => `Deployment error: ${p.reason}.`,
);
