import { defineError } from '../errors.ts';

/** 404: no chassis stands behind this agent id. */
export const AgentNotFound = defineError<{ id: string }>(
  404,
  'AgentNotFound',
  (p) => `Agent ${p.id} could not be found.`,
);
