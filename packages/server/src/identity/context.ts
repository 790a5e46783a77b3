/**
 * Who is asking, after the token was checked. Made only by an identity driver, never from request headers.
 */
export interface RequestContext {
  readonly requestId: string;
  readonly userId: string;
  readonly userName: string;
  /** Project scope; empty string when the token has none. */
  readonly projectId: string;
  readonly projectName: string;
  readonly domainId: string;
  readonly roles: readonly string[];
  readonly systemScope: boolean;
  /** Roles of the service token, when one came along. */
  readonly serviceRoles: readonly string[];
}
