import { ApiError, checkTagCount, TagNotFound, TagResourceNotFound } from '@ovenbird/api';
import type { Reader, Transaction } from '../db/database.ts';
import { eachOf } from '../db/query/each-of.ts';
import type { Tables } from '../db/tables.ts';
import type { RequestContext } from '../identity/context.ts';
import type { Change, ChangeKind } from '../ml2/contract.ts';
import type { Caller } from '../policy/policy.ts';
import type { StoredBehaviour, WriteStep } from './contract.ts';
import { findMember } from './find.ts';
import { type Kernel, type Served, storedOf, writeThrough } from './kernel.ts';
import { permitOnMember } from './permit.ts';
import type { AnyResource } from './plan.ts';

/** What a request does to the tags of a resource. */
export type TagChange =
  | { readonly verb: 'add' | 'remove'; readonly tags: readonly string[] }
  | { readonly verb: 'replace'; readonly tags: readonly string[] };

const changeKinds: ReadonlySet<string> = new Set<ChangeKind>([
  'network',
  'subnet',
  'port',
  'security_group',
  'router',
  'floatingip',
]);

const tagsOf = (resource: AnyResource): readonly string[] =>
  Array.isArray(resource.tags) ? resource.tags.map(String) : [];

/** Drivers hear of tags too, because they carry the revision. */
const recordUpdate = (step: WriteStep, kind: string, original: AnyResource, current: AnyResource): void => {
  if (!changeKinds.has(kind)) return;
  // The kind names the resource's own definition, which both values were assembled from.
  step.changes.record({
    kind,
    action: 'update',
    id: String(current.id),
    original,
    current,
  } as unknown as Change);
};

const store = async (
  tx: Transaction,
  id: string,
  before: readonly string[],
  after: readonly string[],
): Promise<void> => {
  const gone = before.filter((tag) => !after.includes(tag));
  const fresh = after.filter((tag) => !before.includes(tag));
  if (gone.length > 0) {
    await tx.query.deleteFrom('tags').where('object_id', '=', id).where('tag', 'in', eachOf(gone)).execute();
  }
  if (fresh.length > 0) {
    await tx.query
      .insertInto('tags')
      .values(fresh.map((tag) => ({ object_id: id, tag })))
      .execute();
  }
};

const revise = async (tx: Transaction, table: keyof Tables & string, id: string): Promise<void> => {
  await tx.query
    // Every table of a taggable resource has the standard columns; the union of all tables does not say so.
    .updateTable(table as 'networks')
    .set((eb) => ({ revision_number: eb('revision_number', '+', 1), updated_at: tx.now }))
    .where('id', '=', id)
    .execute();
};

const after = (before: readonly string[], change: TagChange): readonly string[] => {
  switch (change.verb) {
    case 'replace':
      return change.tags;
    case 'add':
      return [...new Set([...before, ...change.tags])];
    case 'remove': {
      const missing = change.tags.find((tag) => !before.includes(tag));
      if (missing !== undefined) throw TagNotFound({ tag: missing });
      return before.filter((tag) => !change.tags.includes(tag));
    }
  }
};

const apply = async (
  kernel: Kernel,
  served: Served<StoredBehaviour>,
  step: WriteStep,
  current: AnyResource,
  change: TagChange,
): Promise<readonly string[]> => {
  const before = tagsOf(current);
  const wanted = after(before, change);
  checkTagCount(served.definition.collection, wanted);
  if (wanted.length === before.length && wanted.every((tag) => before.includes(tag)))
    return before.toSorted();
  const id = String(current.id);
  await store(step.tx, id, before, wanted);
  await revise(step.tx, served.behaviour.store.table, id);
  const caller = kernel.caller(step.context);
  const updated = await findMember(kernel, step.tx, served, caller, id);
  recordUpdate(step, served.definition.name, current, updated);
  return tagsOf(updated);
};

/** Like `findMember`, with the error that tags have of their own. Throws ApiError 404 `TagResourceNotFound`. */
const findTagged = async (
  kernel: Kernel,
  reader: Reader,
  served: Served<StoredBehaviour>,
  caller: Caller,
  id: string,
): Promise<AnyResource> => {
  try {
    return await findMember(kernel, reader, served, caller, id);
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 404) throw error;
    throw TagResourceNotFound({ resource: served.definition.collection, id }, { cause: error });
  }
};

/**
 * The tags of a resource.
 *
 * @throws ApiError 403, 404
 */
export const readTags = async (
  kernel: Kernel,
  served: Served,
  context: RequestContext,
  id: string,
): Promise<readonly string[]> => {
  const caller = kernel.caller(context);
  const { plan } = served;
  const rules = [`${plan.rule('get')}:tags`];
  return kernel.options.database.readLatest(async (reader) => {
    const resource = await findTagged(kernel, reader, storedOf(served), caller, id);
    const targets = await kernel.targets(reader, served, caller, [plan.rule('get'), ...rules], [resource]);
    permitOnMember('get', plan, caller, rules, targets(resource), targets(resource));
    return tagsOf(resource);
  });
};

/**
 * Change the tags of a resource; its revision grows when they differ.
 *
 * @param verb whose rule (`update_port:tags`) guards it
 * @returns all tags afterwards
 * @throws ApiError 400, 403, 404
 */
export const changeTags = async (
  kernel: Kernel,
  served: Served,
  context: RequestContext,
  id: string,
  verb: 'create' | 'update' | 'delete',
  change: (before: readonly string[]) => TagChange,
): Promise<readonly string[]> => {
  const stored = storedOf(served);
  const { plan } = stored;
  const caller = kernel.caller(context);
  const rules = [`${plan.rule(verb)}:tags`];
  return writeThrough(kernel, caller, async (step) => {
    const current = await findTagged(kernel, step.tx, stored, caller, id);
    const targets = await kernel.targets(step.tx, served, caller, [plan.rule('get'), ...rules], [current]);
    permitOnMember('update', plan, caller, rules, targets(current), targets(current));
    return apply(kernel, stored, step, current, change(tagsOf(current)));
  });
};
