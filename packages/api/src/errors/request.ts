import { displayList } from '../display.ts';
import { ApiError, defineError } from '../errors.ts';

/** 400: the request cannot be taken as it is; the message is the whole explanation. */
export const HTTPBadRequest = defineError<{ message: string }>(400, 'HTTPBadRequest', (p) => p.message);

/** 400: a request about `resource` cannot be taken. */
export const BadRequest = defineError<{ resource: string; msg: string }>(
  400,
  'BadRequest',
  (p) => `Bad ${p.resource} request: ${p.msg}.`,
);

/** 400: a value is well formed but cannot be used. */
export const InvalidInput = defineError<{ message: string }>(
  400,
  'InvalidInput',
  (p) => `Invalid input for operation: ${p.message}.`,
);

/** 400: a list was filtered on both names of the owning project, and they differ. */
export const TenantIdProjectIdFilterConflict = defineError<void>(
  400,
  'TenantIdProjectIdFilterConflict',
  () => 'Both tenant_id and project_id passed as filters.',
);

/** 401: no valid token came with the request. */
export const HTTPUnauthorized = defineError<void>(
  401,
  'HTTPUnauthorized',
  () => 'The request you have made requires authentication.',
);

/** 403: the caller may see the resource but not do this; `rule` is the policy rule that said no. */
export const PolicyNotAuthorized = defineError<{ rule: string }>(
  403,
  'PolicyNotAuthorized',
  (p) => `rule:${p.rule} is disallowed by policy`,
);

/** 403: refused for another reason than a policy rule. */
export const HTTPForbidden = defineError<{ message: string }>(403, 'HTTPForbidden', (p) => p.message);

/** 404: no such path, or nothing there that the caller may see. */
export const HTTPNotFound = defineError<void>(404, 'HTTPNotFound', () => 'The resource could not be found.');

/** 404: the reference has such a path, and there is a reason that it is not served. */
export const NotOffered = defineError<{ reason: string }>(404, 'HTTPNotFound', (p) => p.reason);

/** 404: no extension has this alias. */
export const ExtensionNotFound = defineError<{ alias: string }>(
  404,
  'HTTPNotFound',
  (p) => `Extension with alias ${p.alias} does not exist`,
);

/** 405: the path exists, the method does not. */
export const HTTPMethodNotAllowed = defineError<{ method: string }>(
  405,
  'HTTPMethodNotAllowed',
  (p) => `The method ${p.method} is not allowed for this resource.`,
);

/** 409: a conflict that has no error kind of its own. */
export const Conflict = defineError<{ message: string }>(409, 'Conflict', (p) => p.message);

/** 409: quota limits of a project are reached; `overs` are the quota names. */
export const OverQuota = defineError<{ overs: readonly string[] }>(
  409,
  'OverQuota',
  (p) => `Quota exceeded for resources: ${displayList(p.overs)}.`,
);

/** 412: `If-Match: revision_number=N` named another revision than the current one. */
export const RevisionNumberConstraintFailed = defineError<{ expected: number; current: number }>(
  412,
  'RevisionNumberConstraintFailed',
  (p) => `Constrained to ${p.expected}, but current revision is ${p.current}`,
);

/** 413: the body is longer than the listener takes. */
export const HTTPRequestEntityTooLarge = defineError<{ limit: number }>(
  413,
  'HTTPRequestEntityTooLarge',
  (p) => `The body is longer than ${p.limit} bytes.`,
);

/** 503: something that the request needs cannot be reached. */
export const ServiceUnavailable = defineError<void>(
  503,
  'ServiceUnavailable',
  () => 'The service is unavailable.',
);

/** 503: the database was lost while the change was written; only a look can tell whether it happened. */
export const OutcomeUnknown = defineError<void>(
  503,
  'ServiceUnavailable',
  () =>
    'It is not known whether the change was made: the database was lost meanwhile. Look before trying again.',
);

/** 500: the change stands, and something that follows from it failed; the same request again would be a second change. */
export const ChangeUnfinished = defineError<void>(
  500,
  'HTTPInternalServerError',
  () => 'The change was made, but not all that follows from it. Look before trying again.',
);

/** 503: a transaction lost every race it was allowed to run. */
export const RetriesExhausted = defineError<{ attempts: number }>(
  503,
  'ServiceUnavailable',
  (p) => `The request lost ${p.attempts} races against others. Try again.`,
);

/** 500: a fault of ours. It says nothing about its cause; the log does. */
export const HTTPInternalServerError = defineError<void>(
  500,
  'HTTPInternalServerError',
  () => 'Request Failed: internal server error while processing your request.',
);

/** The body of an error answer. */
export interface NeutronErrorBody {
  readonly NeutronError: { readonly type: string; readonly message: string; readonly detail: string };
}

/** The answer to `error`; anything that is no {@link ApiError} becomes the 500 that hides its cause. */
export const neutronErrorBody = (error: unknown): NeutronErrorBody => {
  const shown = error instanceof ApiError ? error : HTTPInternalServerError();
  return { NeutronError: { type: shown.type, message: shown.message, detail: shown.detail } };
};
