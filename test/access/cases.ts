import { type Kind, kinds, makeThing, network, type Thing } from './kinds.ts';
import type { Actor, World } from './world.ts';

/** A request. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly body?: object;
}

/** One thing that somebody may do or not, and the rules that must all hold. */
export interface Case {
  readonly title: string;
  readonly rules: readonly string[];
  /** What is made before, for the owner: the object itself, or for a create its parent. */
  readonly thing: Kind | undefined;
  /** Whose object the rules look at. */
  readonly of: 'owner' | 'caller';
  /** The rule for seeing the object, which tells 404 from 403; undefined: either will do. */
  readonly sight?: string;
  /** Somebody is allowed though the rules say no: a deliberate difference. */
  also?(actor: Actor, owner: string): boolean;
  /** Attributes that the rules see besides. */
  readonly facts?: { readonly [attribute: string]: unknown };
  /** Allowed means that this attribute is in the answer. */
  readonly reads?: string;
  /** Allowed means that the list has something. */
  readonly lists?: string;
  ask(world: World, thing: Thing | undefined, actor: Actor): Asked | Promise<Asked>;
}

export const nounOf = (kind: Kind): string => kind.noun ?? kind.name;

/** A request about an object of the owner. */
export const onMember = (
  kind: Kind,
  rules: readonly string[],
  ask: (thing: Thing, world: World) => Asked | Promise<Asked>,
  more: Partial<Case> = {},
): Case => ({
  title: rules.join(' + '),
  rules,
  thing: kind,
  of: 'owner',
  sight: `get_${nounOf(kind)}`,
  ask: (world, thing) => {
    if (thing === undefined) throw new Error('there is nothing to ask about');
    return ask(thing, world);
  },
  ...more,
});

/** A create, with attributes beside those of the kind's own body. */
export const creation = (
  kind: Kind,
  rules: readonly string[],
  given: (
    world: World,
    parent: Thing | undefined,
    projectId: string,
  ) => object | Promise<object> = () => ({}),
  more: Partial<Case> = {},
): Case => ({
  title: rules.join(' + '),
  rules,
  thing: kind.parent,
  of: kind.below === true ? 'owner' : 'caller',
  async ask(world, parent, actor) {
    const own = await kind.body(world, actor.projectId, parent);
    const path = kind.below === true ? `${parent?.path}/${kind.collection}` : kind.collection;
    return {
      method: 'POST',
      path,
      body: { [kind.name]: { ...own, ...(await given(world, parent, actor.projectId)) } },
    };
  },
  ...more,
});

/** An update with these attributes. */
export const change = (
  kind: Kind,
  rules: readonly string[],
  given: (world: World, thing: Thing) => object | Promise<object>,
  more: Partial<Case> = {},
): Case =>
  onMember(
    kind,
    rules,
    async (thing, world) => ({
      method: 'PUT',
      path: thing.path,
      body: { [kind.name]: await given(world, thing) },
    }),
    more,
  );

/** An attribute that only some may read. */
export const reading = (kind: Kind, attribute: string): Case =>
  onMember(
    kind,
    [`get_${nounOf(kind)}`, `get_${nounOf(kind)}:${attribute}`],
    (thing) => ({ method: 'GET', path: thing.path }),
    { reads: attribute },
  );

const UNCHANGING: ReadonlySet<string> = new Set(['security_group_rule', 'default_security_group_rule']);

const basic = (kind: Kind): readonly Case[] => {
  const noun = nounOf(kind);
  const show = onMember(kind, [`get_${noun}`], ({ path }) => ({ method: 'GET', path }));
  const cases = [
    show,
    onMember(kind, [`delete_${noun}`], ({ path }) => ({ method: 'DELETE', path })),
    ...(UNCHANGING.has(kind.name) ? [] : [change(kind, [`update_${noun}`], (world) => kind.change(world))]),
    ...(kind.at === undefined ? [creation(kind, [`create_${noun}`])] : []),
  ];
  if (kind.at !== undefined) return cases;
  if (kind.below === true) {
    const title = `list ${kind.collection}`;
    const beside = onMember(
      kind,
      [`get_${noun}`],
      ({ parent }) => ({ method: 'GET', path: `${parent?.path}/${kind.collection}` }),
      { title, lists: kind.collection },
    );
    return [...cases, beside];
  }
  const list = onMember(
    kind,
    [`get_${noun}`],
    ({ id }) => ({ method: 'GET', path: `${kind.collection}?id=${id}` }),
    {
      title: `list ${kind.collection}`,
      lists: kind.collection.replace(/^(qos|log)\//, '').replaceAll('-', '_'),
    },
  );
  return [...cases, list];
};

const tags = (kind: Kind): readonly Case[] => {
  const noun = nounOf(kind);
  const tagged = (verb: string, method: string, end: string, body?: object): Case =>
    onMember(kind, [`get_${noun}`, `${verb}_${noun}:tags`], ({ path }) => ({
      method,
      path: `${path}/tags${end}`,
      ...(body === undefined ? {} : { body }),
    }));
  const single = [
    onMember(kind, [`get_${noun}`, `get_${noun}:tags`], async ({ path }, world) => {
      await world.put(`${path}/tags`, { tags: ['a'] });
      return { method: 'GET', path: `${path}/tags/a` };
    }),
    tagged('update', 'PUT', '/a'),
    onMember(kind, [`get_${noun}`, `delete_${noun}:tags`], async ({ path }, world) => {
      await world.put(`${path}/tags`, { tags: ['a'] });
      return { method: 'DELETE', path: `${path}/tags/a` };
    }),
  ];
  return [
    tagged('get', 'GET', ''),
    tagged('update', 'PUT', '', { tags: ['a'] }),
    tagged('create', 'POST', '', { tags: ['a'] }),
    tagged('delete', 'DELETE', ''),
    reading(kind, 'tags'),
    ...(kind === network ? single : []),
  ];
};

/** Create, show, list, update, delete and tags of everything. */
export const basicCases: readonly Case[] = kinds.flatMap((kind) => [
  ...basic(kind),
  ...(kind.tags === true ? tags(kind) : []),
]);

/** Make what the case is about, as this actor will meet it. */
export const prepare = async (world: World, { thing }: Case, actor: Actor): Promise<Thing | undefined> =>
  thing === undefined
    ? undefined
    : makeThing(world, thing, world.owner, actor.sharedTo ? actor.projectId : undefined);
