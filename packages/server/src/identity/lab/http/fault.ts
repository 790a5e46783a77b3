/** An answer other than success, in Keystone's form. */
export class IdentityFault extends Error {
  override readonly name = 'IdentityFault';
  readonly status: number;
  /** Response headers besides. */
  readonly headers: { readonly [name: string]: string };

  constructor(status: number, message: string, headers: { readonly [name: string]: string } = {}) {
    super(message);
    this.status = status;
    this.headers = headers;
  }
}

const titles: { readonly [status: number]: string } = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  409: 'Conflict',
  413: 'Request Entity Too Large',
  415: 'Unsupported Media Type',
  429: 'Too Many Requests',
};

/** The body of an error answer. */
export const faultBody = (status: number, message: string) => ({
  error: { code: status, title: titles[status] ?? 'Internal Server Error', message },
});

export const badRequest = (message: string): IdentityFault => new IdentityFault(400, message);
export const unauthorized = (): IdentityFault =>
  new IdentityFault(401, 'The request you have made requires authentication.');
/** Too many wrong passwords: the next is looked at after so many seconds. */
export const tooManyGuesses = (seconds: number): IdentityFault =>
  new IdentityFault(429, 'Too many wrong passwords. Try again later.', {
    'retry-after': String(Math.max(1, Math.ceil(seconds))),
  });
export const forbidden = (): IdentityFault =>
  new IdentityFault(403, 'You are not authorized to perform the requested action.');
export const notFound = (kind: string, id: string): IdentityFault =>
  new IdentityFault(404, `Could not find ${kind}: ${id.slice(0, 255)}.`);
export const conflict = (kind: string, name: string): IdentityFault =>
  new IdentityFault(
    409,
    `Conflict occurred attempting to store ${kind} - it is not possible to have two named ${name}.`,
  );
