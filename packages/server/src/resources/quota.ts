import { OverQuota } from '@ovenbird/api';
import { sql } from 'kysely';
import type { Reader, Transaction } from '../db/database.ts';
import { type Given, prepared } from '../db/query/prepared.ts';
import type { Tables } from '../db/tables.ts';

/** Limits by configuration; -1: none. */
export interface QuotaConfig {
  /** For resources that the other two say nothing about. */
  readonly default: number;
  /** By quota name. */
  readonly limits: { readonly [name: string]: number };
}

/** What a request would add. */
export interface QuotaRequest {
  /** The resource's own quota: its name and built-in limit. */
  readonly quota: { readonly name: string; readonly limit: number };
  /** Where the resource is kept; its rows have a `project_id`. */
  readonly table: keyof Tables & string;
  readonly projectId: string;
  readonly added: number;
}

export interface Quota {
  /** The limit of projects that have none of their own. */
  general(quota: QuotaRequest['quota']): number;
  /**
   * Throws ApiError 409 `OverQuota` when the project would own more than its limit. Two statements at most, of which the
   * second reads no more rows than the limit.
   */
  require(tx: Transaction, request: QuotaRequest): Promise<void>;
}

const NONE = -1;

const ownLimits = prepared((query, given: Given<{ projectId: string; name: string }>) =>
  query
    .selectFrom('quotas')
    .select('limit')
    .where('project_id', '=', given.one('projectId'))
    .where('resource', '=', given.one('name')),
);

/** Rows of the project, counted no further than `most`. */
const countUpTo = async (
  reader: Reader,
  { table, projectId }: QuotaRequest,
  most: number,
): Promise<number> => {
  const { rows } = await sql<{ used: number }>`
    select count(*) as used
    from (select 1 as one from ${sql.table(table)} where project_id = ${projectId} limit ${most}) owned
  `.execute(reader.query);
  return rows[0]?.used ?? 0;
};

/** The limit of a project is its own, else the configured one, else the one of the resource. */
export const createQuota = (config: QuotaConfig): Quota => {
  const general: Quota['general'] = (quota) =>
    config.limits[quota.name] ?? (quota.limit === NONE ? config.default : quota.limit);
  return {
    general,
    async require(tx, request) {
      const { quota, projectId, added } = request;
      const limit = (await ownLimits(tx, { projectId, name: quota.name }))[0]?.limit ?? general(quota);
      if (limit === NONE) return;
      const room = limit - added;
      const used = room < 0 ? 0 : await countUpTo(tx, request, room + 1);
      if (used > room) throw OverQuota({ overs: [quota.name] });
    },
  };
};
