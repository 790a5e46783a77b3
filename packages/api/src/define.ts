import type { Attribute, PostRule } from './attribute.ts';

/** Attribute tables are records so that types of bodies and resources can be derived from them. */
export type Attributes = { readonly [name: string]: Attribute<unknown, PostRule, boolean, boolean, unknown> };

/** An HTTP operation of a collection. `bulk` is POST with the plural key. */
export type Operation = 'list' | 'show' | 'create' | 'bulk' | 'update' | 'delete';

/** A member action such as `PUT /routers/{id}/add_router_interface`. */
export interface MemberAction {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  /** Path below the member, e.g. `add_router_interface`; `{name}` marks a parameter. */
  readonly path: string;
  /** Policy rule that guards it. */
  readonly policy: string;
  /** An attribute of its body that has rules of its own, `<policy>:<attribute>`, as a guarded attribute of a resource has. */
  readonly guarded?: { readonly attribute: string; readonly subPolicy: readonly string[] };
  /** The answer is the member itself, as `show` gives it; otherwise what the action returns. */
  readonly returns?: 'member';
}

/**
 * One API resource, declared once: routes, validation, bulk, policy names, filters, sorting, paging, `fields`,
 * extension list and OpenAPI all derive from it.
 *
 * @example
 * export const addressGroup = defineResource({
 *   name: 'address_group', collection: 'address_groups', path: 'address-groups', alias: 'address-group',
 *   operations: ['list', 'show', 'create', 'update', 'delete'],
 *   attributes: { id: readOnly(uuid, { filter: true, sort: true }), ... },
 *   rules: { create_address_group: 'rule:regular_user', ... },
 * });
 */
export interface ResourceDefinition<N extends string = string, A extends Attributes = Attributes> {
  /** Singular JSON key (`port`), also the `X` of the policy rules `create_X`, `get_X`, `update_X`, `delete_X`. */
  readonly name: N;
  /** Plural JSON key (`ports`). */
  readonly collection: string;
  /** URL path below `/v2.0/` (`security-groups`). */
  readonly path: string;
  /** Another path of the same collection, which the reference's documents name. */
  readonly otherPath?: string;
  /** Alias of the extension that brings it; `core` for networks, subnets and ports. */
  readonly alias: string;
  readonly operations: readonly Operation[];
  readonly attributes: A;
  readonly actions?: { readonly [name: string]: MemberAction };
  /** Rows of other projects that this resource's owner rule reaches through (`network` for ports and subnets). */
  readonly parent?: { readonly resource: string; readonly attribute: string };
  /** Name of the quota that counts it, if any, and its default limit (-1: none). */
  readonly quota?: { readonly name: string; readonly limit: number };
  /** Default policy rules, oslo.policy language, by full rule name (`create_network:shared`). */
  readonly rules: { readonly [rule: string]: string };
  /** For a sub-resource (`/ports/{port_id}/bindings`): the resource that its collection hangs below. */
  readonly memberOf?: { readonly resource: string; readonly parameter: string };
  /** Attribute that names a member in a URL and ends every sort order; `id` unless given. */
  readonly key?: string;
  /** The `X` of its policy rules where that is not `name` (`port_binding` for the sub-resource `binding`). */
  readonly policyName?: string;
  /** Whether it has the tag endpoints `/{path}/{id}/tags`; then `get_X:tags` and its kin must be among `rules`. */
  readonly taggable?: boolean;
  /**
   * A write by one whom the object is only shared with answers 404, as if it were not there, instead of 403: the
   * reference's way with address groups.
   */
  readonly sharingHidesWrites?: boolean;
  /** Query parameters besides attributes that a list accepts (e.g. `changed_since`). */
  readonly extraFilters?: readonly string[];
}

/** Identity at run time; at compile time it keeps the literal types that bodies are derived from. */
export const defineResource = <const N extends string, A extends Attributes>(
  definition: ResourceDefinition<N, A>,
): ResourceDefinition<N, A> => definition;

type ValueOf<T> = T extends Attribute<infer V, PostRule, boolean, boolean, infer _I> ? V : never;
type InputOf<T> = T extends Attribute<infer _V, PostRule, boolean, boolean, infer I> ? I : never;
type PostForbidden<A extends Attributes> = {
  [K in keyof A]: A[K]['post'] extends 'forbidden' ? K : never;
}[keyof A];
type MayStayUnset<A extends Attributes> = {
  [K in keyof A]: A[K] extends Attribute<unknown, 'optional', boolean, false, unknown> ? K : never;
}[keyof A];
type PutAllowed<A extends Attributes> = { [K in keyof A]: A[K]['put'] extends true ? K : never }[keyof A];

/** A resource as the API returns it before policy removes attributes. */
export type ResourceOf<D> =
  D extends ResourceDefinition<string, infer A> ? { readonly [K in keyof A]: ValueOf<A[K]> } : never;

/** A parsed POST body: required and defaulted attributes are present, unspecified ones may be `undefined`. */
export type CreateOf<D> =
  D extends ResourceDefinition<string, infer A>
    ? {
        readonly [K in Exclude<keyof A, PostForbidden<A> | MayStayUnset<A>>]: InputOf<A[K]>;
      } & { readonly [K in Exclude<MayStayUnset<A>, PostForbidden<A>>]: InputOf<A[K]> | undefined }
    : never;

/** A parsed PUT body: only what the request named. */
export type UpdateOf<D> =
  D extends ResourceDefinition<string, infer A> ? { readonly [K in PutAllowed<A>]?: InputOf<A[K]> } : never;

/**
 * An API extension: what `GET /extensions` shows, and the attributes that it adds to other resources.
 * `updated` is the stamp that the reference publishes; clients show it.
 */
export interface ExtensionDefinition {
  readonly alias: string;
  readonly name: string;
  readonly description: string;
  readonly updated: string;
  /** Aliases that must be served with it. */
  readonly requires?: readonly string[];
  /** Attributes that it adds, by resource name; the resource's file spreads them into its table. */
  readonly attributes?: { readonly [resource: string]: Attributes };
}

export const defineExtension = <const E extends ExtensionDefinition>(extension: E): E => extension;
