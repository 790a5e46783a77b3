import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ruleName } from './policy-names.ts';
import { FALLBACK } from './policy-rules.ts';
import {
  addedRules,
  guardedAttributes,
  ownRules,
  publishedRules,
  unpublishedParts,
} from './published-rules.fixture.ts';
import { defaultPolicyRules, resources } from './registry.ts';

test('whoever administers the cloud may bind ports', () => {
  for (const name of ownRules)
    assert.equal(defaultPolicyRules[name], '(rule:admin_only) or (rule:service_api)');
});

/** Attributes that requests may give, with the verbs that they may be given with. */
const given = resources
  .filter((definition) => definition.memberOf === undefined)
  .flatMap((definition) =>
    Object.entries(definition.attributes).map(([name, { post, put, policy }]) => ({
      definition,
      name,
      told: `${definition.name} ${name}`,
      policy,
      verbs: [...(post === 'forbidden' ? [] : ['create' as const]), ...(put ? ['update' as const] : [])],
    })),
  );

test('an attribute asks for a right to give it where the reference asks', () => {
  const asked = given.filter(({ policy, verbs }) => policy && verbs.length > 0).map(({ told }) => told);
  const wanted = given
    .filter(({ told, verbs }) => guardedAttributes.has(told) && verbs.length > 0)
    .map(({ told }) => told);
  // Published rules that the reference itself does not ask for.
  assert.deepEqual(asked.toSorted(), [...wanted, 'subnet segment_id'].toSorted());
  const known = new Set(given.map(({ told }) => told));
  assert.deepEqual(
    [...guardedAttributes].filter((told) => !known.has(told)),
    [],
  );
});

test('default policy rules equal the published ones, and a guarded attribute without one has what the reference falls back to', () => {
  const fallback = given
    .filter(({ policy }) => policy)
    .flatMap(({ definition, name, verbs }) => verbs.map((verb) => ruleName(definition, verb, name)))
    .concat(unpublishedParts)
    .filter((name) => !Object.hasOwn(publishedRules, name));
  const not = ownRules.union(addedRules);
  const others = (rules: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(rules).filter(([name]) => !not.has(name)));
  const expected = { ...publishedRules, ...Object.fromEntries(fallback.map((name) => [name, FALLBACK])) };
  assert.deepEqual(others(defaultPolicyRules), others(expected));
});
