import { sql } from 'kysely';
import type { Reader, Transaction } from '../db/database.ts';
import type { Tables } from '../db/tables.ts';

/** Limits by quota name; -1: none. */
export type Limits = { readonly [quota: string]: number };

/** Limits that projects have of their own, by project, in order of project. One query. */
export const ownLimits = async (reader: Reader, projectId?: string): Promise<ReadonlyMap<string, Limits>> => {
  const all = reader.query.selectFrom('quotas').select(['project_id', 'resource', 'limit']);
  const rows = await (projectId === undefined ? all : all.where('project_id', '=', projectId))
    .orderBy('project_id')
    .execute();
  const projects = new Map<string, { [quota: string]: number }>();
  for (const { project_id, resource, limit } of rows) {
    const limits = projects.get(project_id) ?? {};
    limits[resource] = limit;
    projects.set(project_id, limits);
  }
  return projects;
};

/** Give a project limits of its own, in place of those that it had under the same names. One statement. */
export const setLimits = async (tx: Transaction, projectId: string, limits: Limits): Promise<void> => {
  const rows = Object.entries(limits).map(([resource, limit]) => ({
    project_id: projectId,
    resource,
    limit,
  }));
  if (rows.length === 0) return;
  await tx.query
    .insertInto('quotas')
    .values(rows)
    .onConflict((conflict) =>
      conflict.columns(['project_id', 'resource']).doUpdateSet((eb) => ({ limit: eb.ref('excluded.limit') })),
    )
    .execute();
};

/** Take a project's own limits away; whether it had any. */
export const resetLimits = async (tx: Transaction, projectId: string): Promise<boolean> => {
  const { numDeletedRows } = await tx.query
    .deleteFrom('quotas')
    .where('project_id', '=', projectId)
    .executeTakeFirstOrThrow();
  return numDeletedRows > 0n;
};

/** Where the resources that a quota counts are kept; the rows have a `project_id`. */
export interface Counted {
  readonly quota: string;
  readonly table: keyof Tables & string;
}

/** How much a project owns, by quota name. One statement. */
export const usedBy = async (
  reader: Reader,
  projectId: string,
  counted: readonly Counted[],
): Promise<Limits> => {
  if (counted.length === 0) return {};
  const counts = counted.map(
    ({ quota, table }) =>
      sql`(select count(*) from ${sql.table(table)} where project_id = ${projectId}) as ${sql.ref(quota)}`,
  );
  const { rows } = await sql<{ [quota: string]: number | string }>`select ${sql.join(counts)}`.execute(
    reader.query,
  );
  return Object.fromEntries(Object.entries(rows[0] ?? {}).map(([quota, used]) => [quota, Number(used)]));
};
