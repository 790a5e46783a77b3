import { membersOf, type ResourceDefinition, resourceAtPath } from '@ovenbird/api';

/** What a request is about. */
export interface AuditTarget {
  /** Name of the resource (`port`), or its path when it has none. */
  readonly type: string;
  /** Of the member that the path names; '' for a collection. */
  readonly id: string;
  /** What is done to the member besides changing it: `add_router_interface`, `tags`. */
  readonly operation: string | undefined;
}

const isParameter = (part: string): boolean => part.startsWith(':');

/** `/v2.0/a/b/:id/c/:key` → the fixed parts before each parameter, and the parameters. */
const partsOf = (route: string): { readonly fixed: readonly string[]; readonly names: readonly string[] } => {
  const parts = route.split('/').slice(2).filter(Boolean);
  const names = parts.filter(isParameter).map((part) => part.slice(1));
  const fixed = parts.join('/').split(/\/?:\w+\/?/);
  return { fixed, names };
};

const memberAt = (owner: ResourceDefinition | undefined, path: string): ResourceDefinition | undefined =>
  owner === undefined ? undefined : membersOf(owner.name).find((member) => member.path === path);

/**
 * In: a route (`/v2.0/routers/:id/add_router_interface`) and its parameters. Never of it: what a body or a query says.
 */
export const auditTarget = (route: string, params: { readonly [name: string]: string }): AuditTarget => {
  const { fixed, names } = partsOf(route);
  const [first = '', second = ''] = fixed;
  const owner = resourceAtPath(first);
  const member = memberAt(owner, second);
  const at = (index: number): string => params[names[index] ?? ''] ?? '';
  if (member !== undefined)
    return { type: member.name, id: at(1), operation: fixed[2] === '' ? undefined : fixed[2] };
  return { type: owner?.name ?? first, id: at(0), operation: second === '' ? undefined : second };
};

/** Ids in an answer: of the one object that was made, or of all of them. */
export const idsIn = (answer: unknown): readonly string[] => {
  if (typeof answer !== 'object' || answer === null) return [];
  return Object.values(answer).flatMap((value: unknown) => {
    const members: readonly unknown[] = Array.isArray(value) ? value : [value];
    return members.flatMap((each) => {
      const id: unknown = typeof each === 'object' && each !== null ? Reflect.get(each, 'id') : undefined;
      return typeof id === 'string' ? [id] : [];
    });
  });
};
