import assert from 'node:assert/strict';
import { it } from 'node:test';
import { ServiceUnavailable } from '@ovenbird/api';
import pg from 'pg';
import { startPgBouncer } from '../../testing/pgbouncer.ts';
import { openPostgres } from '../../testing/shared-postgres.ts';
import { openDatabase } from '../open.ts';

it('PgBouncer as it is configured by default may stand before PostgreSQL', async () => {
  await using databases = await openPostgres();
  const direct = await databases.createDatabase();
  await using bouncer = await startPgBouncer(direct);
  await using database = await openDatabase({ url: bouncer.url, statementTimeout: 1 });
  const write = (resource: string): Promise<unknown> =>
    database.transaction(({ query }) =>
      query.insertInto('quotas').values({ project_id: 'p', resource, limit: 1 }).execute(),
    );
  await Promise.all(['a', 'b', 'c'].map(write));
  assert.equal(await database.ping(), true);
  assert.equal(await database.alone('duty', async () => undefined), true);

  const holder = new pg.Client({ connectionString: direct });
  await holder.connect();
  try {
    await holder.query('begin; lock table quotas in access exclusive mode');
    // The server ends it, before we would take the server for dead.
    await assert.rejects(
      write('d'),
      (error) =>
        ServiceUnavailable.is(error) &&
        error instanceof Error &&
        /statement timeout/.test(String(error.cause)),
    );
  } finally {
    await holder.end();
  }
  const rows = await database.read(({ query }) => query.selectFrom('quotas').select('resource').execute());
  assert.deepEqual(rows.map(({ resource }) => resource).sort(), ['a', 'b', 'c']);
});
