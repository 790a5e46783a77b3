import type { ApiError } from './errors.ts';

/**
 * The outcome of checking one value: the stored form, or the reason it is refused. `error`, when there is one, is the
 * answer itself and replaces the general "Invalid input for X. Reason: …".
 */
export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly reason: string; readonly error?: ApiError };

export const accepted = <T>(value: T): Parsed<T> => ({ ok: true, value });
export const refused = (reason: string): Parsed<never> => ({ ok: false, reason });
/** Refuse a value with an error kind of its own (`SecurityGroupRuleInvalidProtocol`, `InvalidInput`, …). */
export const refusedWith = (error: ApiError): Parsed<never> => ({ ok: false, reason: error.message, error });

/** A fragment of JSON Schema (OpenAPI 3.1 dialect), enough for documents and forms. */
export type JsonSchema = { readonly [keyword: string]: unknown };

/**
 * How one JSON value of the API is checked and brought to its stored form.
 *
 * `parse` is total: it never throws, whatever it is given. `fromQuery` turns the text of a query parameter into the
 * stored form for an equality filter; without it the text itself is used.
 *
 * @typeParam T the stored form, which is also the form that the API returns
 * @typeParam I the form that a parsed request body holds, where it differs from `T` (a fixed IP without an address yet)
 */
export interface ValueType<T, I = T> {
  readonly name: string;
  readonly schema: JsonSchema;
  parse(value: unknown): Parsed<I>;
  fromQuery?(text: string): Parsed<FilterValue>;
  /** An example of the stored form, for documents. */
  readonly example?: T;
  /**
   * How a list filters on it: `equal` (default), `member` (any element of the stored list equals), or the keys that
   * `attribute=key=value` may name.
   */
  readonly filterBy?: 'equal' | 'member' | readonly string[];
}

/** What an attribute is compared with in a list filter; `null` matches an attribute without a value. */
export type FilterValue = string | number | boolean | null;
