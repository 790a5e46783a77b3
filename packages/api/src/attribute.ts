import type { ValueType } from './value-type.ts';

/** What a request body may do with an attribute. `required`: must be given on POST. */
export type PostRule = 'required' | 'optional' | 'forbidden';

/**
 * One attribute of an API resource: the single place that knows its rules.
 *
 * - `post`: `required`, `optional` (then `initial` holds when it is not given) or `forbidden`.
 * - `initial`: value used when POST omits it; `undefined` means "not specified": behaviour decides.
 * - `put`: whether PUT may change it.
 * - `visible`: whether it is part of a response. `filter`: whether a list may filter on it. `sort`: whether `sort_key` may name it.
 * - `policy`: a rule `create_X:attr` / `update_X:attr` guards writing it when the request names it.
 * - `subPolicy`: names of sub-attributes that have a rule of their own (`create_port:fixed_ips:ip_address`).
 * - `readPolicy`: a rule `get_X:attr` guards reading it; for whom it is false the attribute is absent.
 *
 * @typeParam T stored and returned form
 * @typeParam P post rule, kept as a literal so that body types follow from it
 * @typeParam U whether PUT may change it
 * @typeParam D whether `initial` is a value (false: may stay undefined after parsing)
 * @typeParam I form in a parsed body, where it differs from the stored form
 */
export interface Attribute<
  T = unknown,
  P extends PostRule = PostRule,
  U extends boolean = boolean,
  D extends boolean = boolean,
  I = T,
> {
  readonly type: ValueType<T, I>;
  readonly post: P;
  readonly put: U;
  readonly hasInitial: D;
  readonly initial: I | undefined;
  readonly visible: boolean;
  readonly filter: boolean;
  readonly sort: boolean;
  readonly policy: boolean;
  readonly subPolicy: readonly string[];
  readonly readPolicy: boolean;
  readonly description: string;
}

/** The optional switches of {@link attribute}; every one is off unless given, but `visible`, which is on. */
export interface AttributeFlags {
  readonly visible?: boolean;
  readonly filter?: boolean;
  readonly sort?: boolean;
  readonly policy?: boolean;
  readonly subPolicy?: readonly string[];
  readonly readPolicy?: boolean;
  readonly description?: string;
}

const flags = (given: AttributeFlags) => ({
  visible: given.visible ?? true,
  filter: given.filter ?? false,
  sort: given.sort ?? false,
  policy: given.policy ?? false,
  subPolicy: given.subPolicy ?? [],
  readPolicy: given.readPolicy ?? false,
  description: given.description ?? '',
});

/** An attribute that the service sets and no request may give (id, status, timestamps). */
export const readOnly = <T, I = T>(
  type: ValueType<T, I>,
  given: AttributeFlags = {},
): Attribute<T, 'forbidden', false, false, I> => ({
  type,
  post: 'forbidden',
  put: false,
  hasInitial: false,
  initial: undefined,
  ...flags(given),
});

/** An attribute that POST must give. */
export const required = <T, const U extends boolean, I = T>(
  type: ValueType<T, I>,
  given: AttributeFlags & { readonly put: U },
): Attribute<T, 'required', U, false, I> => ({
  type,
  post: 'required',
  put: given.put,
  hasInitial: false,
  initial: undefined,
  ...flags(given),
});

/** An attribute that POST may give; `initial` holds otherwise. */
export const optional = <T, const U extends boolean, I = T>(
  type: ValueType<T, I>,
  given: AttributeFlags & { readonly put: U; readonly initial: NoInfer<I> },
): Attribute<T, 'optional', U, true, I> => ({
  type,
  post: 'optional',
  put: given.put,
  hasInitial: true,
  initial: given.initial,
  ...flags(given),
});

/** An attribute that POST may give and that stays `undefined` otherwise: the behaviour decides its value. */
export const unspecified = <T, const U extends boolean, I = T>(
  type: ValueType<T, I>,
  given: AttributeFlags & { readonly put: U },
): Attribute<T, 'optional', U, false, I> => ({
  type,
  post: 'optional',
  put: given.put,
  hasInitial: false,
  initial: undefined,
  ...flags(given),
});

/** An attribute that POST may not give and PUT may change (an agent's description). */
export const updateOnly = <T, I = T>(
  type: ValueType<T, I>,
  given: AttributeFlags = {},
): Attribute<T, 'forbidden', true, false, I> => ({
  type,
  post: 'forbidden',
  put: true,
  hasInitial: false,
  initial: undefined,
  ...flags(given),
});
