import type { Json, JsonObject } from './json.ts';
import type { Persona } from './sides.ts';

/**
 * One request, sent to both services. In its path and body `{name}` stands for the id of what an earlier step of that name
 * made, `{name.attribute}` for an attribute of it, `{admin}` and `{demo}` for the ids of projects.
 */
export interface Step {
  /** What later steps call the answer. */
  readonly name?: string;
  /** What is tried, for people. */
  readonly label?: string;
  readonly as: Persona;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below `/v2.0/`. */
  readonly path: string;
  readonly body?: Json;
  /** The request that takes it back; what a POST makes is deleted unless something else is said. */
  readonly undo?: Step;
}

/** Requests that belong together. What they make is taken back before the next scenario begins. */
export interface Scenario {
  readonly name: string;
  readonly steps: readonly Step[];
}

type Options = { readonly as?: Persona };

const singularOf: { readonly [collection: string]: string } = {
  policies: 'policy',
  'address-groups': 'address_group',
  'address-scopes': 'address_scope',
  'rbac-policies': 'rbac_policy',
};

/** The key that a body of a collection's path has: `security-group-rules` → `security_group_rule`. */
export const keyOfPath = (path: string): string => {
  const last = path.split('/').at(-1) ?? path;
  return singularOf[last] ?? last.replaceAll('-', '_').replace(/s$/, '');
};

/** Make something. */
export const make = (name: string, path: string, body: JsonObject, { as = 'admin' }: Options = {}): Step => ({
  name,
  as,
  method: 'POST',
  path,
  body: { [keyOfPath(path)]: body },
  undo: { as: 'admin', method: 'DELETE', path: `${path}/{${name}}` },
});

/** Change something; `path` is that of the member. */
export const change = (path: string, body: JsonObject, { as = 'admin' }: Options = {}): Step => ({
  as,
  method: 'PUT',
  path,
  body: { [keyOfPath(path.split('/').slice(0, -1).join('/'))]: body },
});

/** Delete something before the scenario ends. */
export const drop = (path: string, { as = 'admin' }: Options = {}): Step => ({ as, method: 'DELETE', path });

/** Read something. */
export const read = (path: string, { as = 'admin' }: Options = {}): Step => ({ as, method: 'GET', path });

/** A member action with a body as it is. */
export const act = (path: string, body: JsonObject, undo?: { path: string; body: JsonObject }): Step => ({
  as: 'admin',
  method: 'PUT',
  path,
  body,
  ...(undo === undefined ? {} : { undo: { as: 'admin', method: 'PUT', ...undo } }),
});

/** Attach something to a router (`{ subnet_id }` or `{ port_id }`). */
export const attach = (router: string, body: JsonObject): Step =>
  act(`routers/{${router}}/add_router_interface`, body, {
    path: `routers/{${router}}/remove_router_interface`,
    body,
  });
