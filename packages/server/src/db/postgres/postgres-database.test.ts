import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startWire } from '@ovenbird/ovsdb/testing';
import { sql } from 'kysely';
import { systemClock } from '../../core/clock.ts';
import { until } from '../../lab/command.ts';
import { startPostgres, type TestPostgres } from '../../testing/postgres.ts';
import { openDatabase } from '../open.ts';
import { TransactionConflict } from '../transaction-errors.ts';
import { translatePostgresError } from './session.ts';

describe('PostgreSQL', () => {
  let server: TestPostgres;
  before(async () => {
    server = await startPostgres();
  });
  after(() => server[Symbol.asyncDispose]());

  it('repeats a transaction whose connection was cut, and goes on with new connections', async () => {
    await using database = await openDatabase({ url: await server.createDatabase() });
    let attempts = 0;
    await database.transaction(async ({ query }) => {
      attempts += 1;
      await query.insertInto('quotas').values({ project_id: 'p', resource: 'r', limit: attempts }).execute();
      if (attempts === 1) await sql`select pg_terminate_backend(pg_backend_pid())`.execute(query);
    });
    assert.equal(attempts, 2);
    const rows = await database.read(({ query }) => query.selectFrom('quotas').select('limit').execute());
    assert.deepEqual(
      rows.map((row) => row.limit),
      [2],
    );
    assert.equal(await database.ping(), true);
  });

  it('repeats a transaction that refers to a row which a concurrent one removed', async () => {
    await using database = await openDatabase({ url: await server.createDatabase() });
    const group = (id: string) => ({
      id,
      project_id: 'p',
      name: '',
      description: '',
      stateful: 1 as const,
      created_at: '',
      updated_at: '',
      revision_number: 0,
    });
    await database.transaction(({ query }) =>
      query.insertInto('security_groups').values(group('g')).execute(),
    );
    let attempts = 0;
    const refer = database.transaction(async ({ query }) => {
      attempts += 1;
      const found = await query.selectFrom('security_groups').select('id').where('id', '=', 'g').execute();
      if (found.length === 0) throw new RangeError('gone');
      if (attempts === 1) {
        await database.transaction((other) =>
          other.query.deleteFrom('security_groups').where('id', '=', 'g').execute(),
        );
      }
      await query
        .insertInto('default_security_groups')
        .values({ project_id: 'p', security_group_id: 'g' })
        .execute();
    });
    await assert.rejects(refer, RangeError);
    assert.equal(attempts, 2);
  });

  it('lets a transaction that keeps losing run alone', async () => {
    const url = await server.createDatabase();
    await using database = await openDatabase({ url });
    await database.transaction(({ query }) =>
      query.insertInto('quotas').values({ project_id: 'p', resource: 'r', limit: 0 }).execute(),
    );
    const rivals = 40;
    const attempts: number[] = [];
    await Promise.all(
      Array.from({ length: rivals }, async () => {
        let tries = 0;
        await database.transaction(async ({ query }) => {
          tries += 1;
          const { limit } = await query.selectFrom('quotas').select('limit').executeTakeFirstOrThrow();
          await query
            .updateTable('quotas')
            .set({ limit: limit + 1 })
            .execute();
        });
        attempts.push(tries);
      }),
    );
    const rows = await database.read(({ query }) => query.selectFrom('quotas').select('limit').execute());
    assert.deepEqual(rows, [{ limit: rivals }]);
    assert.ok(Math.max(...attempts) <= 3, `tries: ${attempts.sort().join(' ')}`);
  });

  it('is waited for while it cannot be reached, and not when it refuses', async () => {
    const url = await server.createDatabase();
    const stopping = new AbortController();
    await server.stop();
    const told: unknown[] = [];
    const opening = openDatabase({ url }, systemClock, {
      waiting: (error) => told.push(error),
      signal: stopping.signal,
    });
    await until('told of it', () => told.length > 0);
    await server.restart();
    await using database = await opening;
    assert.equal(await database.ping(), true);
    await assert.rejects(
      openDatabase({ url: url.replace(/test_\d+/, 'absent') }, systemClock, {
        waiting: (error) => told.push(error),
      }),
      /does not exist/,
    );
    await server.stop();
    const given = openDatabase({ url }, systemClock, {
      waiting: () => stopping.abort(),
      signal: stopping.signal,
    });
    await assert.rejects(given, { name: 'AbortError' });
    await server.restart();
  });

  it('is waited for when the connection is lost while it answers others', async () => {
    await using wire = await startWire(server.socket);
    const name = (await server.createDatabase()).match(/test_\d+/)?.[0];
    const url = `postgres://ovenbird@${wire.endpoint.slice('tcp:'.length)}/${name}`;
    wire.cut();
    const told: unknown[] = [];
    const opening = openDatabase({ url }, systemClock, { waiting: (error) => told.push(error) });
    await until('told of it', () => told.length > 0);
    wire.mend();
    await using database = await opening;
    assert.equal(await database.ping(), true);
  });

  it('takes only errors of the connection itself for a lost one', () => {
    const own = new Error('some timeout of ours');
    assert.equal(translatePostgresError(own), own);
    const lost = translatePostgresError(new Error('Connection terminated unexpectedly'));
    assert.ok(lost instanceof TransactionConflict);
  });
});
