import { defineError } from '../errors.ts';

/** 404: the port has no binding for that host. */
export const PortBindingNotFound = defineError<{ portId: string; host: string }>(
  404,
  'PortBindingNotFound',
  (p) => `Binding for port ${p.portId} for host ${p.host} could not be found.`,
);

/** 409: the binding is the active one. */
export const PortBindingAlreadyActive = defineError<{ portId: string; host: string }>(
  409,
  'PortBindingAlreadyActive',
  (p) => `Binding for port ${p.portId} on host ${p.host} is already active.`,
);

/** 409: the port has a binding for that host. */
export const PortBindingAlreadyExists = defineError<{ portId: string; host: string }>(
  409,
  'PortBindingAlreadyExists',
  (p) => `Binding for port ${p.portId} on host ${p.host} already exists.`,
);

/** 500: no driver could bind the port on that host (the reference answers 500 too; Nova reads it). */
export const PortBindingError = defineError<{ portId: string; host: string }>(
  500,
  'PortBindingError',
  (p) => `Binding for port ${p.portId} on host ${p.host} could not be created or updated.`,
);
