import type { Reader } from '../db/database.ts';
import { eachOf } from '../db/query/each-of.ts';
import type { Tables } from '../db/tables.ts';
import { extParent, type ParentFacts, type Target } from '../policy/target.ts';
import type { AnyResource } from './plan.ts';

/** Where the parents of a resource are. */
export interface ParentPlace {
  /** Singular name of the parent (`network`). */
  readonly resource: string;
  /** Attribute that holds its id. */
  readonly attribute: string;
  readonly table: keyof Tables & string;
}

/** Gives each object its target, with the facts of its parent. */
export type Targets = (resource: AnyResource) => Target;

/** Targets without parents. */
export const plainTargets: Targets = (attributes) => ({ attributes });

const textsOf = (resources: readonly AnyResource[], attribute: string): readonly string[] => [
  ...new Set(resources.map((resource) => resource[attribute]).filter((value) => typeof value === 'string')),
];

/**
 * Facts of the parents of all `resources`, in two queries however many they are. A parent that does not exist has none,
 * and rules about it do not hold.
 */
export const readTargets = async (
  reader: Reader,
  place: ParentPlace,
  resources: readonly AnyResource[],
): Promise<Targets> => {
  const ids = textsOf(resources, place.attribute);
  if (ids.length === 0) return plainTargets;
  const owners = await reader.query
    // Every table that is a parent has these two columns; the union of all tables does not tell the compiler so.
    .selectFrom(place.table as 'networks')
    .select(['id', 'project_id'])
    .where('id', 'in', eachOf(ids))
    .execute();
  const shares = await reader.query
    .selectFrom('rbac_entries')
    .select(['object_id', 'target_project'])
    .where('object_type', '=', place.resource)
    .where('action', '=', 'access_as_shared')
    .where('object_id', 'in', eachOf(ids))
    .where('target_project', 'in', eachOf(['*', ...textsOf(resources, 'project_id')]))
    .execute();
  const owner = new Map(owners.map((row) => [row.id, row.project_id]));
  const shared = new Set(shares.map((row) => `${row.object_id} ${row.target_project}`));
  return (attributes) => {
    const id = String(attributes[place.attribute]);
    const projectId = owner.get(id);
    if (projectId === undefined) return { attributes };
    const facts: ParentFacts = {
      projectId,
      shared: shared.has(`${id} *`) || shared.has(`${id} ${String(attributes.project_id)}`),
    };
    return { attributes, parents: { [place.resource]: facts, [extParent]: facts } };
  };
};
