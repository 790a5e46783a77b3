import type { MemberAction, QueryPairs, ResourceDefinition } from '@ovenbird/api';
import type { RequestContext } from '../identity/context.ts';
import { act } from './action.ts';
import { type Condition, remove, update } from './change.ts';
import type { ActionRequest } from './contract.ts';
import { create } from './create.ts';
import { createKernel, type KernelOptions, type Served } from './kernel.ts';
import { list } from './list.ts';
import { actBelow, createBelow, listBelow, removeBelow, showBelow, updateBelow } from './member.ts';
import type { Page } from './page.ts';
import type { AnyResource } from './plan.ts';
import { createQuotas, type Quotas } from './quotas.ts';
import { show } from './show.ts';
import { changeTags, readTags, type TagChange } from './tags.ts';
import { createTopologies, type Topologies } from './topologies.ts';

export interface NamedAction {
  readonly name: string;
  readonly action: MemberAction;
}

/** The operations of one collection. Bodies are as parsed from JSON; results are what to answer. */
export interface Collection {
  readonly definition: ResourceDefinition;
  list(context: RequestContext, pairs: QueryPairs): Promise<Page>;
  show(context: RequestContext, id: string, fields: readonly string[]): Promise<AnyResource>;
  create(context: RequestContext, body: unknown): Promise<AnyResource>;
  update(context: RequestContext, id: string, body: unknown, condition: Condition): Promise<AnyResource>;
  remove(context: RequestContext, id: string, condition: Condition): Promise<void>;
  act(context: RequestContext, id: string, named: NamedAction, request: ActionRequest): Promise<unknown>;
  tags(context: RequestContext, id: string): Promise<readonly string[]>;
  changeTags(
    context: RequestContext,
    id: string,
    verb: 'create' | 'update' | 'delete',
    change: (before: readonly string[]) => TagChange,
  ): Promise<readonly string[]>;
}

/** The operations of a collection below a member of another one. */
export interface SubCollection {
  readonly definition: ResourceDefinition;
  list(context: RequestContext, parentId: string, pairs: QueryPairs): Promise<Page>;
  show(
    context: RequestContext,
    parentId: string,
    key: string,
    fields: readonly string[],
  ): Promise<AnyResource>;
  create(context: RequestContext, parentId: string, body: unknown): Promise<AnyResource>;
  update(context: RequestContext, parentId: string, key: string, body: unknown): Promise<AnyResource>;
  remove(context: RequestContext, parentId: string, key: string): Promise<void>;
  act(context: RequestContext, parentId: string, key: string, named: NamedAction): Promise<AnyResource>;
}

/**
 * The one way from a request to a resource: parse, policy, quota, behaviour, drivers, answer. Every operation throws
 * ApiError for what the client caused.
 */
export interface Engine {
  readonly collections: readonly Collection[];
  readonly subCollections: readonly SubCollection[];
  readonly quotas: Quotas;
  readonly topologies: Topologies;
}

export type EngineOptions = KernelOptions;

export const createEngine = (options: EngineOptions): Engine => {
  const kernel = createKernel(options);
  const collection = (served: Served): Collection => ({
    definition: served.definition,
    list: (context, pairs) => list(kernel, served, context, pairs),
    show: (context, id, fields) => show(kernel, served, context, id, fields),
    create: (context, body) => create(kernel, served, context, body),
    update: (context, id, body, condition) => update(kernel, served, context, id, body, condition),
    remove: (context, id, condition) => remove(kernel, served, context, id, condition),
    act: (context, id, named, request) => act(kernel, served, context, id, named, request),
    tags: (context, id) => readTags(kernel, served, context, id),
    changeTags: (context, id, verb, change) => changeTags(kernel, served, context, id, verb, change),
  });
  const subCollection = (served: Served): SubCollection => ({
    definition: served.definition,
    list: (context, parentId, pairs) => listBelow(kernel, served, context, parentId, pairs),
    show: (context, parentId, key, fields) => showBelow(kernel, served, context, parentId, key, fields),
    create: (context, parentId, body) => createBelow(kernel, served, context, parentId, body),
    update: (context, parentId, key, body) => updateBelow(kernel, served, context, parentId, key, body),
    remove: (context, parentId, key) => removeBelow(kernel, served, context, parentId, key),
    act: (context, parentId, key, named) => actBelow(kernel, served, context, parentId, key, named),
  });
  const all = [...kernel.served.values()];
  return {
    collections: all.filter((served) => served.behaviour.kind !== 'member').map(collection),
    subCollections: all.filter((served) => served.behaviour.kind === 'member').map(subCollection),
    quotas: createQuotas(kernel),
    topologies: createTopologies(kernel),
  };
};
