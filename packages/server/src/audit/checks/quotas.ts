import { resources } from '@ovenbird/api';
import { sql } from 'kysely';
import type { Reader } from '../../db/database.ts';
import type { Tables } from '../../db/tables.ts';
import { createQuota } from '../../resources/quota.ts';
import { ownLimits } from '../../resources/quota-limits.ts';
import { type Found, type SqlCheck, setting, sqlCheck } from '../check.ts';

/** Where the resources that a quota counts are kept. */
const tables: { readonly [quota: string]: keyof Tables & string } = {
  network: 'networks',
  subnet: 'subnets',
  port: 'ports',
  router: 'routers',
  floatingip: 'floating_ips',
  security_group: 'security_groups',
  security_group_rule: 'security_group_rules',
  rbac_policy: 'rbac_entries',
  address_group: 'address_groups',
  address_scope: 'address_scopes',
  subnetpool: 'subnetpools',
  trunk: 'trunks',
};

/** Every quota that there is. */
export const quotaSpecs = resources.flatMap(({ quota }) => (quota === undefined ? [] : [quota]));

const UNLIMITED = -1;
/** What the service makes for itself belongs to nobody and counts for nobody. */
const NOBODY = '';

/** How much every project owns of what a quota counts. */
const usedOf = async ({ query }: Reader, quota: string): Promise<ReadonlyMap<string, number>> => {
  const table = tables[quota];
  if (table === undefined) throw new Error(`no table for quota ${quota}`);
  const { rows } = await sql<{ project: string; used: number }>`
    select project_id as project, count(*) as used from ${sql.table(table)} group by project_id`.execute(
    query,
  );
  return new Map(rows.map(({ project, used }) => [project, Number(used)]));
};

const project = (id: string) => ({ kind: 'project', id });

export const quotaExceeded: SqlCheck = sqlCheck({
  id: 'quota-exceeded',
  pillar: 664,
  cwe: 770,
  title: 'A project owns more than its quota',
  severity: 'medium',
  remedy: 'Raise the quota or ask the project to clean up; nothing new is made meanwhile.',
  async examine({ reader, config }) {
    const own = await ownLimits(reader);
    const { general } = createQuota(config.quotas);
    const found: Found[] = [];
    for (const spec of quotaSpecs)
      for (const [id, used] of await usedOf(reader, spec.name)) {
        const limit = own.get(id)?.[spec.name] ?? general(spec);
        if (limit === UNLIMITED || used <= limit || id === NOBODY) continue;
        found.push({ subject: project(id), evidence: `${spec.name}: ${used} of ${limit}` });
      }
    return found;
  },
});

export const quotaUnlimited: SqlCheck = sqlCheck({
  id: 'quota-unlimited',
  pillar: 664,
  cwe: 770,
  title: 'A project may make as much as it likes',
  severity: 'medium',
  remedy: 'openstack quota set with a number, or quotas.limits for those that have none of their own.',
  async examine({ reader, config }) {
    const everybody = Object.entries(config.quotas.limits).filter(([, limit]) => limit === UNLIMITED);
    const single = [...(await ownLimits(reader))].flatMap(([id, limits]): readonly Found[] => {
      const names = Object.keys(limits).filter((name) => limits[name] === UNLIMITED);
      return names.length === 0 ? [] : [{ subject: project(id), evidence: `${names.join(', ')}: -1` }];
    });
    return [
      ...everybody.map(
        ([name]): Found => ({
          subject: setting(`quotas.limits.${name}`),
          evidence: '-1: no project has a limit',
        }),
      ),
      ...single,
    ];
  },
});
