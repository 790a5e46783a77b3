import assert from 'node:assert/strict';
import path from 'node:path';
import { it } from 'node:test';
import { openClouds } from './clouds.ts';

const journey = path.join(import.meta.dirname, 'sdk_journey.py');
const checks = 14;

it('openstacksdk: the journey of two tenants', async (t) => {
  await using clouds = await openClouds();
  const { code, stdout, stderr } = await clouds.client(['/usr/bin/python3', journey, 'host1'], 120_000);
  const results: readonly { name: string; error: string | null }[] = stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line));
  for (const { name, error } of results) await t.test(name, () => assert.ok(error === null, error ?? ''));
  assert.equal(code, 0, stderr);
  assert.equal(results.length, checks, stderr);
});
