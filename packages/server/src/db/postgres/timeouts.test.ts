import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { ApiError, OutcomeUnknown, ServiceUnavailable } from '@ovenbird/api';
import { startWire, type Wire } from '@ovenbird/ovsdb/testing';
import { sql } from 'kysely';
import pg from 'pg';
import { startPostgres, type TestPostgres } from '../../testing/postgres.ts';
import type { Database } from '../database.ts';
import { openDatabase } from '../open.ts';

/** Seconds. */
const STATEMENT_TIMEOUT = 2;

describe('PostgreSQL that gives no answer', () => {
  let server: TestPostgres;
  let wire: Wire;
  let url: string;
  let database: Database;
  before(async () => {
    server = await startPostgres();
    wire = await startWire(server.socket);
    url = await server.createDatabase();
    const through = `postgres://ovenbird@${wire.endpoint.slice('tcp:'.length)}/${url.match(/test_\d+/)?.[0]}`;
    database = await openDatabase({ url: through, statementTimeout: STATEMENT_TIMEOUT });
  });
  after(async () => {
    await database[Symbol.asyncDispose]();
    await wire[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });

  const write = (resource: string, before: () => void = () => undefined): Promise<unknown> =>
    database.transaction(async ({ query }) => {
      await query.insertInto('quotas').values({ project_id: 'p', resource, limit: 1 }).execute();
      before();
    });
  const read = (): Promise<unknown> =>
    database.read(({ query }) => query.selectFrom('quotas').select('resource').execute());
  const written = async (): Promise<readonly unknown[]> => {
    const rows = await server.query(url, 'select resource from quotas order by resource');
    return rows.map(({ resource }) => resource);
  };

  it('is waited for while somebody else holds a lock, and no longer', async () => {
    const holder = new pg.Client({ connectionString: url });
    await holder.connect();
    try {
      await holder.query('begin; lock table quotas in access exclusive mode');
      const started = performance.now();
      const ends = await Promise.allSettled([write('a'), read(), read()]);
      for (const end of ends)
        assert.ok(end.status === 'rejected' && ServiceUnavailable.is(end.reason), String(Object.values(end)));
      const took = performance.now() - started;
      assert.ok(took > 1_900 && took < 10_000, `${took} ms`);
      await holder.query('rollback');
    } finally {
      await holder.end();
    }
    await write('a');
    assert.deepEqual(await written(), ['a']);
  });

  it('and says nothing at all, is given up by more requests than there are connections', async () => {
    await Promise.all(Array.from({ length: 10 }, read));
    const cut = Promise.withResolvers<void>();
    const unknown = write('b', () => {
      wire.cut();
      cut.resolve();
    });
    await cut.promise;
    const started = performance.now();
    const ends = await Promise.allSettled([unknown, ...Array.from({ length: 25 }, read), database.ping()]);
    const took = performance.now() - started;
    const [outcome, ...others] = ends;
    assert.ok(outcome?.status === 'rejected' && OutcomeUnknown.is(outcome.reason));
    for (const end of others.slice(0, -1))
      assert.ok(end.status === 'rejected' && end.reason instanceof ApiError && end.reason.status === 503);
    assert.deepEqual(others.at(-1), { status: 'fulfilled', value: false });
    assert.ok(took < 15_000, `${took} ms`);
    wire.mend();
    await write('c');
    // The commit never got there.
    assert.deepEqual(await written(), ['a', 'c']);
  });

  it('ends the transaction of a service that stands still, and whoever waits for it goes on', async () => {
    const lock = 'lock table quotas in access exclusive mode';
    const still = database.transaction(async ({ query }) => {
      await sql.raw(lock).execute(query);
      await sleep(2 * STATEMENT_TIMEOUT * 1_000);
      await query.insertInto('quotas').values({ project_id: 'p', resource: 'd', limit: 1 }).execute();
    });
    const lost = assert.rejects(still, (error) => error instanceof ApiError && error.status === 503);
    await sleep(100);
    await server.query(url, `begin; ${lock}; rollback`);
    await lost;
    assert.deepEqual(await written(), ['a', 'c']);
  });
});
