import { EVERY_PROJECT, type RbacObjectType } from '@ovenbird/api';
import type { Expression, SqlBool } from 'kysely';
import type { Ids } from '../core/ids.ts';
import type { Reader, Transaction } from '../db/database.ts';
import { eachOf } from '../db/query/each-of.ts';
import type { RbacEntriesTable } from '../db/tables.ts';
import type { Condition } from '../engine/contract.ts';

/** What an entry lets a project do: use the object; for networks also let its routers reach the outside through it. */
export type SharingAction = 'access_as_shared' | 'access_as_external';

/** Targets of entries that reach a project; without a project only those for everybody. */
export const targetsFor = (projectId: string | undefined): readonly string[] =>
  projectId === undefined || projectId === '' ? [EVERY_PROJECT] : [EVERY_PROJECT, projectId];

/** Those of the objects that everybody, or the project of a viewer, was given. One query. */
export const sharedAmong = async (
  reader: Reader,
  type: RbacObjectType,
  ids: readonly string[],
  viewerProject: string | undefined,
): Promise<ReadonlySet<string>> => {
  const rows = await reader.query
    .selectFrom('rbac_entries')
    .select('object_id')
    .where('object_type', '=', type)
    .where('object_id', 'in', eachOf(ids))
    .where('action', '=', 'access_as_shared')
    .where('target_project', 'in', eachOf(targetsFor(viewerProject)))
    .execute();
  return new Set(rows.map((row) => row.object_id));
};

/** Tables of the objects that can be granted. */
export type GrantedTable =
  | 'networks'
  | 'security_groups'
  | 'address_groups'
  | 'address_scopes'
  | 'subnetpools'
  | 'qos_policies';

/** The object of the row was given to one of the targets. */
export const grantedTo =
  (
    type: RbacObjectType,
    table: GrantedTable,
    targets: readonly string[],
    actions: readonly SharingAction[] = ['access_as_shared'],
  ): Condition =>
  (eb) =>
    eb(
      `${table}.id`,
      'in',
      eb
        .selectFrom('rbac_entries')
        .select('rbac_entries.object_id')
        .where('rbac_entries.object_type', '=', type)
        .where('rbac_entries.action', 'in', eachOf(actions))
        .where('rbac_entries.target_project', 'in', eachOf(targets)),
    );

/** The filter `shared`: what the viewer sees as shared. `true` and `false` together ask for everything. */
export const sharedFilter =
  (type: RbacObjectType, table: GrantedTable) =>
  (values: readonly unknown[], viewerProject?: string): Condition => {
    const shared = grantedTo(type, table, targetsFor(viewerProject));
    return (eb): Expression<SqlBool> => {
      if (values.includes(true) && values.includes(false)) return eb(`${table}.id`, 'is not', null);
      return values.includes(true) ? shared(eb) : eb.not(shared(eb));
    };
  };

/** An object that entries are about. */
export interface SharedObject {
  readonly type: RbacObjectType;
  readonly id: string;
  readonly projectId: string;
}

/** The entry that opens an object to every project. */
export const openEntry = (
  ids: Ids,
  object: SharedObject,
  action: SharingAction = 'access_as_shared',
): RbacEntriesTable => ({
  id: ids.uuid(),
  project_id: object.projectId,
  object_type: object.type,
  object_id: object.id,
  action,
  target_project: EVERY_PROJECT,
});

/** Whom an object is given to, by `action`. */
export const targetsOf = async (
  reader: Reader,
  object: Pick<SharedObject, 'type' | 'id'>,
  action: SharingAction,
): Promise<ReadonlySet<string>> => {
  const rows = await reader.query
    .selectFrom('rbac_entries')
    .select('target_project')
    .where('object_type', '=', object.type)
    .where('object_id', '=', object.id)
    .where('action', '=', action)
    .execute();
  return new Set(rows.map((row) => row.target_project));
};

/** Forget every entry about objects that are being deleted. */
export const removeEntries = async (
  tx: Transaction,
  type: RbacObjectType,
  ids: readonly string[],
): Promise<void> => {
  await tx.query
    .deleteFrom('rbac_entries')
    .where('object_type', '=', type)
    .where('object_id', 'in', eachOf(ids))
    .execute();
};
