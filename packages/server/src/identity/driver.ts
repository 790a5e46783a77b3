import type { RequestContext } from './context.ts';

/** What a request brought to prove who is asking. Texts as sent; undefined: the header was absent. */
export interface Presented {
  readonly token: string | undefined;
  /** Token of a service that acts for the user (`X-Service-Token`). */
  readonly serviceToken: string | undefined;
}

/** Turns tokens into a {@link RequestContext}. The only place where one is made. */
export interface IdentityDriver extends AsyncDisposable {
  readonly name: string;
  /**
   * Throws ApiError 401 (`HTTPUnauthorized`) when the token is absent, unknown, expired or revoked, and 503
   * (`ServiceUnavailable`) when the identity service cannot be asked.
   */
  authenticate(presented: Presented, requestId: string): Promise<RequestContext>;
  /** Where clients get a token, for `WWW-Authenticate`; undefined: nowhere. */
  readonly publicUrl: string | undefined;
}
