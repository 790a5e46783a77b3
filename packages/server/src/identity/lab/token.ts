import { createHmac, timingSafeEqual } from 'node:crypto';

/** What a token says, signed. Times in seconds since the epoch. */
export interface TokenClaims {
  readonly user: string;
  /** `project:<id>`, `domain:<id>`, `system`, or `unscoped`. */
  readonly scope: string;
  readonly methods: readonly string[];
  readonly audit: string;
  readonly issued: number;
  readonly expires: number;
  /** Id of the application credential that it was given for. */
  readonly credential?: string;
}

const prefix = 'ovl1';

const mac = (secret: Buffer, payload: string): Buffer =>
  createHmac('sha256', secret).update(payload).digest();

/** Claims → `ovl1.<claims>.<HMAC-SHA256>`, URL-safe. */
export const signToken = (claims: TokenClaims, secret: Buffer): string => {
  const payload = `${prefix}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}`;
  return `${payload}.${mac(secret, payload).toString('base64url')}`;
};

/** Read a value that our own signature vouches for, checking its shape all the same. */
const claimsOf = (value: unknown): TokenClaims | undefined => {
  if (typeof value !== 'object' || value === null) return undefined;
  const field = (name: string): unknown => Reflect.get(value, name);
  const [user, scope, audit] = [field('user'), field('scope'), field('audit')];
  const [issued, expires, methods] = [field('issued'), field('expires'), field('methods')];
  const credential = field('credential');
  if (credential !== undefined && typeof credential !== 'string') return undefined;
  if (typeof user !== 'string' || typeof scope !== 'string' || typeof audit !== 'string') return undefined;
  if (typeof issued !== 'number' || typeof expires !== 'number' || !Array.isArray(methods)) return undefined;
  const claims = { user, scope, audit, issued, expires, methods: methods.map(String) };
  return credential === undefined ? claims : { ...claims, credential };
};

/** Token → claims; undefined when it is not one of ours, was changed, or has expired at `now` (seconds). */
export const verifyToken = (token: string, secret: Buffer, now: number): TokenClaims | undefined => {
  const [head, body, signature, ...rest] = token.split('.');
  if (head !== prefix || body === undefined || signature === undefined || rest.length > 0) return undefined;
  const given = Buffer.from(signature, 'base64url');
  const expected = mac(secret, `${head}.${body}`);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
  const claims = claimsOf(JSON.parse(Buffer.from(body, 'base64url').toString()));
  return claims !== undefined && claims.expires > now ? claims : undefined;
};
