import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addedRules, ownRules, publishedRules } from './published-rules.fixture.ts';
import { defaultPolicyRules } from './registry.ts';

test('whoever administers the cloud may bind ports', () => {
  for (const name of ownRules)
    assert.equal(defaultPolicyRules[name], '(rule:admin_only) or (rule:service_api)');
});

test('default policy rules equal the published ones', () => {
  const not = ownRules.union(addedRules);
  const ours = Object.fromEntries(Object.entries(defaultPolicyRules).filter(([name]) => !not.has(name)));
  assert.deepEqual(ours, publishedRules);
});
