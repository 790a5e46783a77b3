/**
 * An error that a client caused or must be told of. Every one has an HTTP status, a `NeutronError` type and a message.
 * Concrete errors are declared with {@link defineError}, in this package, so that the catalogue is one list.
 */
export class ApiError extends Error {
  override readonly name: string = 'ApiError';
  readonly status: number;
  /** `NeutronError.type` in the response body. */
  readonly type: string;
  readonly detail: string;
  /** Extra response headers, e.g. Retry-After. */
  readonly headers: { readonly [name: string]: string };

  constructor(
    status: number,
    type: string,
    message: string,
    options: { cause?: unknown; detail?: string; headers?: { readonly [name: string]: string } } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.status = status;
    this.type = type;
    this.detail = options.detail ?? '';
    this.headers = options.headers ?? {};
  }
}

/** A factory for one kind of error: `IpAddressInUse({ ip, network })` → ApiError(409, 'IpAddressInUse', …). */
export interface ErrorKind<P> {
  (params: P, options?: { cause?: unknown }): ApiError;
  readonly status: number;
  readonly type: string;
  /** Whether an error is of this kind. */
  is(error: unknown): error is ApiError;
}

/** Declare one kind of error: status, `NeutronError` type and how its message reads. */
export const defineError = <P>(status: number, type: string, message: (params: P) => string): ErrorKind<P> =>
  Object.assign(
    (params: P, options: { cause?: unknown } = {}) => new ApiError(status, type, message(params), options),
    {
      status,
      type,
      is: (error: unknown): error is ApiError => error instanceof ApiError && error.type === type,
    },
  );
