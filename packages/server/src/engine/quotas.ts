import {
  AdminRequired,
  parseListQuery,
  parseUpdate,
  type QueryPairs,
  QuotaBelowUse,
  QuotaMissingTenant,
  quota as quotaDefinition,
  TenantQuotaNotFound,
  UNLIMITED,
} from '@ovenbird/api';
import type { Reader } from '../db/database.ts';
import type { RequestContext } from '../identity/context.ts';
import type { Caller } from '../policy/policy.ts';
import {
  type Counted,
  type Limits,
  ownLimits,
  resetLimits,
  setLimits,
  usedBy,
} from '../resources/quota-limits.ts';
import { type Kernel, writeThrough } from './kernel.ts';
import { listInMemory } from './list.ts';
import type { Page } from './page.ts';
import { permitRules, writeRules } from './permit.ts';
import { type AnyResource, planOf } from './plan.ts';

/** What is allowed and used of one quota. `reserved` is always 0: counting and making are one transaction here. */
export interface QuotaDetail {
  readonly limit: number;
  readonly used: number;
  readonly reserved: 0;
}

/**
 * The limits of projects. Everybody reads those of the own project; the policy decides about the rest. Errors are
 * ApiErrors.
 */
export interface Quotas {
  /** Projects that have limits of their own. */
  list(context: RequestContext, pairs: QueryPairs): Promise<Page>;
  show(context: RequestContext, projectId: string): Promise<Limits>;
  /** What the project has when it has no limits of its own. */
  defaults(context: RequestContext, projectId: string): Promise<Limits>;
  details(context: RequestContext, projectId: string): Promise<{ readonly [quota: string]: QuotaDetail }>;
  /** @param body `{"quota": {"port": 10, "check_limit": true}}` */
  update(context: RequestContext, projectId: string, body: unknown): Promise<Limits>;
  /** Back to the defaults. */
  remove(context: RequestContext, projectId: string): Promise<void>;
  /** The project of the caller. */
  own(context: RequestContext): string;
}

const targetOf = (projectId: string) => ({ attributes: { project_id: projectId } });

const switches = new Set(['check_limit', 'force', 'project_id']);

/** Limits in a parsed body. */
const limitsIn = (body: AnyResource): Limits =>
  Object.fromEntries(
    Object.entries(body).flatMap(([name, limit]) =>
      typeof limit === 'number' && !switches.has(name) ? [[name, limit]] : [],
    ),
  );

const requireRoom = async (
  reader: Reader,
  projectId: string,
  limits: Limits,
  counted: readonly Counted[],
): Promise<void> => {
  const bounded = counted.filter(({ quota }) => (limits[quota] ?? UNLIMITED) !== UNLIMITED);
  const used = await usedBy(reader, projectId, bounded);
  for (const { quota } of bounded) {
    const limit = limits[quota] ?? UNLIMITED;
    const now = used[quota] ?? 0;
    if (now > limit) throw QuotaBelowUse({ resource: quota, limit, used: now });
  }
};

export const createQuotas = (kernel: Kernel): Quotas => {
  const { behaviours, database, policy, quota } = kernel.options;
  const plan = planOf(quotaDefinition, policy);
  const stored = behaviours.flatMap((behaviour) =>
    behaviour.kind === 'stored' && behaviour.definition.quota !== undefined
      ? [{ spec: behaviour.definition.quota, table: behaviour.store.table }]
      : [],
  );
  const counted = stored.map(({ spec, table }): Counted => ({ quota: spec.name, table }));
  const general: Limits = Object.fromEntries(stored.map(({ spec }) => [spec.name, quota.general(spec)]));
  const served = (limits: Limits): Limits =>
    Object.fromEntries(Object.entries(limits).filter(([name]) => Object.hasOwn(general, name)));

  const limitsOf = async (reader: Reader, projectId: string): Promise<Limits> => ({
    ...general,
    ...served((await ownLimits(reader, projectId)).get(projectId) ?? {}),
  });
  const owns = ({ context }: Caller, projectId: string): boolean => context.projectId === projectId;
  const permitRead = (caller: Caller, projectId: string): void => {
    if (!owns(caller, projectId)) permitRules('get', caller, [plan.rule('get')], targetOf(projectId));
  };

  return {
    async list(context, pairs) {
      const caller = kernel.caller(context);
      const rule = plan.rule('get');
      const query = parseListQuery(quotaDefinition, pairs);
      if (!caller.isAdmin) permitRules('get', caller, [rule], targetOf(context.projectId));
      const projects = await database.read((reader) => ownLimits(reader));
      const all = [...projects]
        .filter(([projectId]) => caller.allows(rule, targetOf(projectId)))
        .map(([project_id, limits]) => ({ ...general, ...served(limits), project_id }));
      return listInMemory(plan, caller, query, all);
    },
    async show(context, projectId) {
      permitRead(kernel.caller(context), projectId);
      return database.read((reader) => limitsOf(reader, projectId));
    },
    async defaults(context, projectId) {
      permitRead(kernel.caller(context), projectId);
      return general;
    },
    async details(context, projectId) {
      const caller = kernel.caller(context);
      if (!owns(caller, projectId) && !caller.allows(plan.rule('get'), targetOf(projectId)))
        throw AdminRequired({ reason: 'Only admin is authorized to access quotas for another project' });
      return database.read(async (reader) => {
        const limits = await limitsOf(reader, projectId);
        const used = await usedBy(reader, projectId, counted);
        return Object.fromEntries(
          Object.entries(limits).map(([name, limit]): [string, QuotaDetail] => [
            name,
            { limit, used: used[name] ?? 0, reserved: 0 },
          ]),
        );
      });
    },
    async update(context, projectId, body) {
      const caller = kernel.caller(context);
      const parsed = parseUpdate(quotaDefinition, body);
      const values: AnyResource = parsed.body;
      const limits = limitsIn(values);
      return writeThrough(kernel, caller, async ({ tx }) => {
        permitRules('update', caller, writeRules(plan, 'update', parsed.guarded), targetOf(projectId));
        if (values.check_limit === true && values.force !== true)
          await requireRoom(tx, projectId, limits, counted);
        await setLimits(tx, projectId, limits);
        return limitsOf(tx, projectId);
      });
    },
    async remove(context, projectId) {
      const caller = kernel.caller(context);
      await writeThrough(kernel, caller, async ({ tx }) => {
        permitRules('delete', caller, [plan.rule('delete')], targetOf(projectId));
        if (!(await resetLimits(tx, projectId))) throw TenantQuotaNotFound({ projectId });
      });
    },
    own({ projectId }) {
      if (projectId === '') throw QuotaMissingTenant();
      return projectId;
    },
  };
};
