import { defineError } from '../errors.ts';

/** 400: a limit below what the project owns already. */
export const QuotaBelowUse = defineError<{ resource: string; limit: number; used: number }>(
  400,
  'HTTPBadRequest',
  (p) => `Quota limit ${p.limit} for ${p.resource} must be greater than or equal to already used ${p.used}`,
);

/** 400: the request belongs to no project. */
export const QuotaMissingTenant = defineError<void>(
  400,
  'QuotaMissingTenant',
  () => 'Tenant-id was missing from quota request.',
);

/** 403: what is used of another project's quotas is for administrators. */
export const AdminRequired = defineError<{ reason: string }>(
  403,
  'AdminRequired',
  (p) => `User does not have admin privileges: ${p.reason}.`,
);

/** 404: the project has no limits of its own. */
export const TenantQuotaNotFound = defineError<{ projectId: string }>(
  404,
  'TenantQuotaNotFound',
  (p) => `Quota for project ${p.projectId} could not be found.`,
);
