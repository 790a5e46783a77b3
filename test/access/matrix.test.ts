import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { baseRules, defaultPolicyRules } from '@ovenbird/api';
import type { ApiAnswer } from '../../packages/server/src/testing/api-service.ts';
import { forEachDialect } from '../../packages/server/src/testing/databases.ts';
import { actionCases } from './action-cases.ts';
import { attributeCases } from './attribute-cases.ts';
import { basicCases, type Case, prepare } from './cases.ts';
import { createCoverage } from './operations.ts';
import { askReference, type Question } from './oracle.ts';
import { createOvnWorld, ovnCases } from './ovn-cases.ts';
import { type Actor, createWorld, type World } from './world.ts';

const cases: readonly Case[] = [...basicCases, ...attributeCases, ...actionCases];
const coverage = createCoverage();

test('every rule of every resource is asked for', () => {
  const withOvn = ovnCases(() => Promise.reject(new Error('only their rules are looked at')));
  const asked = new Set([...cases, ...withOvn].flatMap(({ rules }) => rules));
  const left = Object.keys(defaultPolicyRules).filter((name) => !asked.has(name));
  assert.deepEqual(
    left.filter((name) => !Object.hasOwn(baseRules, name)),
    [],
  );
});

const questionsOf = (one: Case, actor: Actor, owner: string): readonly Question[] => {
  const project = one.of === 'owner' ? owner : actor.projectId;
  const target = {
    project_id: project,
    tenant_id: project,
    shared: actor.sharedTo,
    ...Object.fromEntries(
      ['network', 'security_group', 'ext_parent'].flatMap((parent) => [
        [`${parent}:project_id`, owner],
        [`${parent}:tenant_id`, owner],
      ]),
    ),
    ...one.facts,
  };
  const credentials = { project_id: actor.projectId, roles: actor.roles };
  return [...one.rules, one.sight ?? '@'].map((rule) => ({ rule, target, credentials }));
};

interface Expected {
  readonly allowed: boolean;
  readonly seen: boolean;
}

/** What the reference says about every case for every actor, in this order. */
const expectations = (asking: readonly Case[], { actors, owner }: World): readonly Expected[] => {
  const asked = asking.flatMap((one) => actors.map((actor) => questionsOf(one, actor, owner)));
  const answers = askReference(asked.flat())[Symbol.iterator]();
  return asked.map((questions) => {
    const outcomes = questions.map(() => answers.next().value === true);
    return { allowed: outcomes.slice(0, -1).every(Boolean), seen: outcomes.at(-1) === true };
  });
};

const within = (body: unknown): object => Object(Object.values(Object(body))[0]);

/** Whether policy let a request pass. That no host can bind a port is told with 500, which Nova reads. */
const permitted = ({ status, body }: ApiAnswer): boolean =>
  status < 500 ? ![401, 403, 404].includes(status) : body.NeutronError.type === 'PortBindingError';

/** What is wrong with an answer; undefined: nothing. */
const deviation = async (
  world: World,
  one: Case,
  actor: Actor,
  { allowed, seen }: Expected,
): Promise<string | undefined> => {
  const thing = await prepare(world, one, actor);
  const asked = await one.ask(world, thing, actor);
  const { method, path, body } = asked;
  coverage.note(asked);
  if (actor.name === 'admin' && (await world.nobody(method, path, body)).status !== 401)
    return `nobody: ${one.title}`;
  const answer = await actor.ask(method, path, body);
  const told = `${actor.name}: ${one.title}: ${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`;
  if (one.lists !== undefined) {
    const found = answer.body[one.lists]?.length ?? 0;
    return found > 0 === allowed ? undefined : told;
  }
  if (allowed) {
    if (one.reads !== undefined) return one.reads in within(answer.body) ? undefined : told;
    return permitted(answer) ? undefined : told;
  }
  if (one.reads !== undefined && seen) return one.reads in within(answer.body) ? told : undefined;
  const hides = one.thing?.hidesWrites === true && actor.sharedTo;
  const honest = one.sight === undefined ? [403, 404] : [seen && !hides ? 403 : 404];
  return honest.includes(answer.status) ? undefined : told;
};

/** Ask every case for every actor. Says what was not as expected. */
const compare = async (asking: readonly Case[], world: World): Promise<readonly string[]> => {
  const expected = expectations(asking, world)[Symbol.iterator]();
  const count = { allowed: 0, denied: 0 };
  const wrong: string[] = [];
  for (const one of asking) {
    for (const actor of world.actors) {
      const { allowed, seen }: Expected = expected.next().value ?? { allowed: false, seen: false };
      const wanted = { allowed: allowed || one.also?.(actor, world.owner) === true, seen };
      count[wanted.allowed ? 'allowed' : 'denied'] += 1;
      const found = await deviation(world, one, actor, wanted).catch(
        (error: unknown) => `${one.title}: ${error}`,
      );
      if (found !== undefined) wrong.push(found);
    }
  }
  console.log(`access matrix: ${asking.length} cases, ${count.allowed} allowed, ${count.denied} denied`);
  return wrong;
};

forEachDialect('every operation and guarded attribute by every kind of caller', (databases) => {
  let world: World;
  before(async () => {
    world = await createWorld(await databases.freshUrl());
  });
  after(() => world[Symbol.asyncDispose]());

  test('is decided as the reference decides', async () => {
    const wrong = await compare(cases, world);
    assert.equal(wrong.length, 0, wrong.join('\n'));
  });
});

test('what is there with OVN only is decided alike', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ovenbird-access-'));
  try {
    await using world = await createOvnWorld(`sqlite:${join(folder, 'ovenbird.db')}`);
    const wrong = await compare(
      ovnCases(() => world.agent()),
      world,
    );
    assert.equal(wrong.length, 0, wrong.join('\n'));
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('no operation of the API is left out', () => assert.deepEqual(coverage.left(), []));
