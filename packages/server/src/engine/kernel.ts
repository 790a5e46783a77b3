import { ApiError, ChangeUnfinished, type ResourceDefinition, ServiceUnavailable } from '@ovenbird/api';
import type { Database, Reader } from '../db/database.ts';
import type { RowScope } from '../db/query/source.ts';
import type { RequestContext } from '../identity/context.ts';
import type { Changes } from '../ml2/changes.ts';
import type { Write } from '../ml2/write.ts';
import type { Bound } from '../policy/compile.ts';
import type { Caller, Policy } from '../policy/policy.ts';
import type { Quota } from '../resources/quota.ts';
import type { Behaviour, StoredBehaviour, WriteStep } from './contract.ts';
import { type ParentPlace, plainTargets, readTargets, type Targets } from './parents.ts';
import { type AnyResource, planOf, type ResourcePlan } from './plan.ts';

export interface KernelOptions {
  readonly behaviours: readonly Behaviour[];
  readonly database: Database;
  readonly write: Write;
  readonly policy: Policy;
  readonly quota: Quota;
  /** Largest page; undefined: none. */
  readonly maxLimit: number | undefined;
  /** Whether one request may make several resources. */
  readonly bulk: boolean;
}

/** One resource as requests meet it. */
export interface Served<B extends Behaviour = Behaviour> {
  readonly behaviour: B;
  readonly plan: ResourcePlan;
  readonly definition: ResourceDefinition;
  readonly parent: ParentPlace | undefined;
}

/** What every operation of the engine works with. */
export interface Kernel {
  readonly options: KernelOptions;
  readonly served: ReadonlyMap<string, Served>;
  caller(context: RequestContext): Caller;
  /** Whose rows are in the caller's reach; policy still decides about each. */
  scope(caller: Caller, store: StoredBehaviour['store']): RowScope;
  /** Targets for rules about `resources`; asks for parents only when a rule needs them. */
  targets(
    reader: Reader,
    served: Served,
    caller: Caller,
    rules: readonly string[],
    resources: readonly AnyResource[],
  ): Promise<Targets>;
  /** What a behaviour wants done before any operation of a project. */
  prepare(served: Served, about: Pick<RequestContext, 'projectId' | 'requestId'>): Promise<void>;
}

const parentPlace = (
  definition: ResourceDefinition,
  behaviours: readonly Behaviour[],
): ParentPlace | undefined => {
  const { parent } = definition;
  if (parent === undefined) return undefined;
  const owner = behaviours.find((one) => one.definition.name === parent.resource);
  return owner?.kind === 'stored' ? { ...parent, table: owner.store.table } : undefined;
};

const undecided = (bound: Bound): boolean => typeof bound !== 'boolean';

export const createKernel = (options: KernelOptions): Kernel => {
  const { behaviours, database, policy } = options;
  const served = new Map(
    behaviours.map((behaviour): [string, Served] => [
      behaviour.definition.name,
      {
        behaviour,
        plan: planOf(behaviour.definition, policy, behaviour.kind === 'stored' ? behaviour.derived : {}),
        definition: behaviour.definition,
        parent: parentPlace(behaviour.definition, behaviours),
      },
    ]),
  );
  return {
    options,
    served,
    caller: (context) => policy.caller(context),
    scope(caller, store) {
      if (store.everybody === true || caller.seesAllProjects) return 'everything';
      return { projectId: caller.context.projectId, visible: store.visibleTo?.(caller.context) };
    },
    async targets(reader, { plan, parent }, caller, rules, resources) {
      if (parent === undefined) return plainTargets;
      // Only what still depends on the object after the caller is known may need the parent.
      const open = rules.filter((rule) => undecided(caller.bound(rule)));
      return plan.asksParent(open) ? readTargets(reader, parent, resources) : plainTargets;
    },
    async prepare({ behaviour }, about) {
      if (behaviour.kind === 'stored') await behaviour.prepare?.(database, about);
    },
  };
};

/** The resource as kept in SQL. A resource of another kind is a defect of the router. */
export const storedOf = (served: Served): Served<StoredBehaviour> => {
  const { behaviour } = served;
  if (behaviour.kind !== 'stored') throw new Error(`${served.definition.name} is not kept in SQL`);
  return { ...served, behaviour };
};

type WriteWithin = <T>(callback: (step: WriteStep) => Promise<T>) => Promise<T>;

/**
 * Do what comes after a commit. What it refuses by itself stays a refusal; whatever else goes wrong must not look as if
 * nothing had been changed.
 *
 * @throws ApiError 500 that says so
 */
export const afterCommit = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ApiError && !ServiceUnavailable.is(error)) throw error;
    throw ChangeUnfinished(undefined, { cause: error });
  }
};

/**
 * A whole write: the first transaction, what follows it (binding) with transactions of its own, then the drivers, who
 * hear of everything once. When what follows fails, the drivers still hear of what is committed.
 */
export const writeThrough = async <T>(
  kernel: Kernel,
  caller: Caller,
  first: (step: WriteStep) => Promise<T>,
  settle?: (write: WriteWithin, result: T) => Promise<T>,
): Promise<T> => {
  const { write } = kernel.options;
  const { context, isAdmin, seesAllProjects } = caller;
  const as = (step: WriteStep): WriteStep => ({ ...step, seesAllProjects });
  const written = await write(context, isAdmin, (step) => first(as(step)));
  let changes: Changes = written.changes;
  try {
    if (settle === undefined) return written.result;
    return await afterCommit(() =>
      settle(async (callback) => {
        const more = await write(context, isAdmin, (step) => callback(as(step)));
        changes = changes.followedBy(more.changes);
        return more.result;
      }, written.result),
    );
  } finally {
    await changes.postcommit();
  }
};
