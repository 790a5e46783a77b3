import { defineError } from '../errors.ts';

/** 404: the tagged resource is not there. */
export const TagResourceNotFound = defineError<{ resource: string; id: string }>(
  404,
  'TagResourceNotFound',
  (p) => `Resource ${p.resource} ${p.id} could not be found.`,
);

/** 404: the resource does not carry the tag. */
export const TagNotFound = defineError<{ tag: string }>(
  404,
  'TagNotFound',
  (p) => `Tag ${p.tag} could not be found.`,
);
