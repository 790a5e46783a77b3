import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { attributeAliases, type ResourceDefinition, resources, ruleName } from '@ovenbird/api';
import { nounOf } from './cases.ts';
import { type Kind, kinds, makeThing, network, type Thing } from './kinds.ts';
import { probesOf } from './probes.ts';
import { type Actor, type Answered, createWorld, type World } from './world.ts';

// Whatever attribute of whatever resource an operator hides: nothing that can be asked of a list tells who may not read it.
// Each attribute of the definitions gets a rule. Administrators read it in all objects and members in those of their
// project, but managers in none, though they may change them.
const RULE = 'role:admin or (role:member and not role:manager and project_id:%(project_id)s)';

const keyOf = ({ key = 'id' }: ResourceDefinition): string => key;
const guarded = (definition: ResourceDefinition): readonly string[] =>
  Object.entries(definition.attributes)
    .filter(([name, { visible }]) => visible && name !== keyOf(definition))
    .map(([name]) => name);

const rules = resources.flatMap((definition) =>
  guarded(definition).map((name) => `"${ruleName(definition, 'get', name)}": "${RULE}"\n`),
);

const definitionOf = (kind: Kind): ResourceDefinition => {
  const found = resources.find(({ name, policyName = name }) => policyName === nounOf(kind));
  assert.ok(found, nounOf(kind));
  return found;
};
/** Those that have lists. */
const listed = kinds.filter(({ at }) => at === undefined);

let folder: string;
let world: World;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ovenbird-hidden-'));
  const file = join(folder, 'policy.yaml');
  await writeFile(file, rules.join(''));
  world = await createWorld(`sqlite:${join(folder, 'ovenbird.db')}`, { policy: { file } });
});
after(async () => {
  await world[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

const actor = (name: string): Actor => {
  const found = world.actors.find((one) => one.name === name);
  assert.ok(found);
  return found;
};
const get = async (who: Actor, path: string): Promise<Answered> => {
  const { status, body } = await who.ask('GET', path);
  assert.equal(status, 200, `${who.name}: ${path}: ${JSON.stringify(body)}`);
  return body;
};

/** An object of the owner, shared with another project if it can be, and with a tag if it can have one. */
const make = async (kind: Kind): Promise<Thing> => {
  const thing = await makeThing(world, kind, world.owner, actor('shared-to').projectId);
  if (kind.tags === true) await world.put(`${thing.path}/tags`, { tags: [`tag${world.next()}`] });
  return thing;
};

/** What an answer tells beside the question itself, which its links repeat. */
const toldBy = (answer: Answered, asked: string): string => {
  const [name = ''] = asked.split('=');
  return JSON.stringify(answer, (key, value) => {
    if (key !== 'href') return value;
    const link = new URL(value);
    for (const one of [name, 'sort_dir']) link.searchParams.delete(one);
    return link.href;
  });
};

const count = { attributes: 0, telling: 0, silent: 0, shown: 0 };

for (const kind of listed) {
  const definition = definitionOf(kind);
  const key = keyOf(definition);
  describe(nounOf(kind), () => {
    let thing: Thing;
    let seen: Answered;
    let list: string;
    /** Both objects, and no others that somebody has himself. */
    let among: string;
    before(async () => {
      const other = await make(kind);
      // Where a project has but one of them, it is this one.
      thing = await make(kind);
      seen = (await get(actor('admin'), thing.path))[kind.name];
      list = kind.below === true ? `${thing.parent?.path}/${kind.collection}` : kind.collection;
      among = definition.attributes[key]?.filter === true ? `&${key}=${thing.id}&${key}=${other.id}` : '';
    });

    test('answers have the attributes that may be read and no others', async () => {
      const { path, id } = thing;
      const names = guarded(definition).flatMap((name) => [
        name,
        ...[...attributeAliases].filter(([, of]) => of === name).map(([alias]) => alias),
      ]);
      for (const name of ['manager', 'shared-to']) {
        const { status, body } = await actor(name).ask('GET', path);
        if (status === 404) continue;
        assert.deepEqual(body, { [kind.name]: { [key]: id } }, name);
        const fields = names.map((field) => `fields=${field}`).join('&');
        assert.deepEqual(await get(actor(name), `${path}?${fields}`), { [kind.name]: {} }, name);
        count.shown += names.length;
      }
      const changed = await actor('manager').ask('PUT', path, { [kind.name]: kind.change(world) });
      if (changed.status === 200) assert.deepEqual(changed.body, { [kind.name]: { [key]: id } });
    });

    for (const attribute of guarded(definition))
      test(`lists tell nothing of ${attribute}`, async () => {
        count.attributes += 1;
        for (const [asked, other] of probesOf(definition, attribute, seen[attribute])) {
          const more = `${among}&limit=1`;
          const tells = async (who: Actor): Promise<boolean> => {
            const answers = [
              await who.ask('GET', `${list}?${asked}${more}`),
              await who.ask('GET', `${list}?${other}${more}`),
            ];
            // Nobody sees what is below what he does not see.
            if (who.name !== 'admin' && answers.every(({ status }) => status === 404)) return false;
            for (const { status, body } of answers) assert.equal(status, 200, JSON.stringify(body));
            const [one, two] = answers.map(({ body }) => toldBy(body, asked));
            return one !== two;
          };
          count[(await tells(actor('admin'))) ? 'telling' : 'silent'] += 1;
          for (const name of ['manager', 'shared-to'])
            assert.equal(await tells(actor(name)), false, `${name}: ${list}?${asked}`);
        }
      });
  });
}

test('pages are as full as without what is hidden, in both directions, and lead to nothing else', async () => {
  const green = actor('shared-to');
  const description = 'one of many';
  const own: string[] = [];
  for (let number = 0; number < 9; number += 1) {
    const body = { name: `${number}`, description };
    if (number % 2 === 0)
      own.push((await world.make('networks', 'network', { ...body, project_id: green.projectId })).id);
    else
      await makeThing(
        world,
        { ...network, body: async (_, project_id) => ({ ...body, project_id }) },
        world.owner,
        green.projectId,
      );
  }
  const pages = async (rel: string, start: string): Promise<readonly (readonly string[])[]> => {
    const found: string[][] = [];
    for (let path: string | undefined = start; path !== undefined; ) {
      const body = await get(green, path);
      const links: readonly { readonly rel: string; readonly href: string }[] = body.networks_links ?? [];
      if (body.networks.length > 0) found.push(body.networks.map(({ id }: { id: string }) => id));
      path = links.find((link) => link.rel === rel)?.href.replace(/^.*\/v2\.0\//, '');
      if (body.networks.length === 0) path = undefined;
    }
    return found;
  };
  const list = `networks?description=${encodeURIComponent(description)}&limit=2&fields=id`;
  const ids = own.toSorted();
  assert.deepEqual(await pages('next', list), [ids.slice(0, 2), ids.slice(2, 4), ids.slice(4)]);
  const back = [ids.slice(3), ids.slice(1, 3), ids.slice(0, 1)];
  assert.deepEqual(await pages('previous', `${list}&page_reverse=True`), back);
});

test('the questions tell those who may read', () => {
  console.log(`hidden attributes: ${JSON.stringify(count)}`);
  assert.ok(count.telling > count.silent);
});
