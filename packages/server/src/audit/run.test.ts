import assert from 'node:assert/strict';
import { it } from 'node:test';
import { defaultPolicyRules } from '@ovenbird/api';
import { sql } from 'kysely';
import { loadConfig } from '../config/config.ts';
import { openDatabase } from '../db/open.ts';
import { compilePolicy } from '../policy/policy.ts';
import { openPostgres } from '../testing/shared-postgres.ts';
import { type Found, type SqlCheck, setting, sqlCheck } from './check.ts';
import { runAudit } from './run.ts';

const settings = {
  config: loadConfig(),
  configFile: undefined,
  environment: {},
  policy: compilePolicy(defaultPolicyRules),
  now: new Date(),
};

const checkOf = (id: string, examine: SqlCheck['examine']): SqlCheck =>
  sqlCheck({ id, pillar: 284, cwe: 284, title: id, severity: 'low', remedy: '', examine });

it('looks again, and tells everything once, when the connection to SQL is cut', async () => {
  await using server = await openPostgres();
  await using database = await openDatabase({ url: await server.createMigrated() });
  const found: readonly Found[] = [{ subject: setting('one'), evidence: 'seen' }];
  let looks = 0;
  const cutting = checkOf('cutting', async ({ reader: { query } }) => {
    looks += 1;
    if (looks === 1) await sql`select pg_terminate_backend(pg_backend_pid())`.execute(query);
    return [];
  });
  const { findings, unexamined } = await runAudit(
    { settings, openDatabase: async () => database, openOvn: undefined },
    [checkOf('finding', async () => found), cutting],
  );
  assert.equal(looks, 2);
  assert.deepEqual(
    findings.map(({ check }) => check.id),
    ['finding'],
  );
  assert.deepEqual(unexamined, []);
});

it('goes on when one check cannot look', async () => {
  await using server = await openPostgres();
  await using database = await openDatabase({ url: await server.createMigrated() });
  const blind = checkOf('blind', () => Promise.reject(new RangeError('too dark')));
  const { findings, unexamined } = await runAudit(
    { settings, openDatabase: async () => database, openOvn: undefined },
    [blind, checkOf('finding', async () => [{ subject: setting('one'), evidence: 'seen' }])],
  );
  assert.equal(findings.length, 1);
  assert.deepEqual(unexamined, [{ check: blind, reason: 'too dark' }]);
});
