/** The outcome of checking one value: the stored form, or the reason it is refused. */
export type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: string };

export const accepted = <T>(value: T): Parsed<T> => ({ ok: true, value });
export const refused = (reason: string): Parsed<never> => ({ ok: false, reason });

/** A fragment of JSON Schema (OpenAPI 3.1 dialect), enough for documents and forms. */
export type JsonSchema = { readonly [keyword: string]: unknown };

/**
 * How one JSON value of the API is checked and brought to its stored form.
 *
 * `parse` is total: it never throws, whatever it is given. `fromQuery` turns the text of a query parameter into the
 * stored form for an equality filter; without it the text itself is used.
 *
 * @typeParam T the stored form, which is also the form that the API returns
 */
export interface ValueType<T> {
  readonly name: string;
  readonly schema: JsonSchema;
  parse(value: unknown): Parsed<T>;
  fromQuery?(text: string): Parsed<T>;
}
