import assert from 'node:assert/strict';
import { it } from 'node:test';
import { ApiError } from '@ovenbird/api';
import { sql } from 'kysely';
import { forEachDialect } from '../testing/databases.ts';
import { type Database, RetryTransaction, type Transaction, UniqueViolation } from './database.ts';
import { openDatabase } from './open.ts';
import { eachOf } from './query/each-of.ts';
import { ScopeEnded } from './scope.ts';

const setQuota = (tx: Transaction, project: string, resource: string, limit: number) =>
  tx.query.insertInto('quotas').values({ project_id: project, resource, limit }).execute();

const quotas = (database: Database) =>
  database.read(({ query }) =>
    query.selectFrom('quotas').select(['project_id', 'resource', 'limit']).orderBy('resource').execute(),
  );

forEachDialect('transactions', (databases) => {
  it('are durable once they resolve, and then tell it in order', async () => {
    const db = await databases.open();
    const told: string[] = [];
    const result = await db.transaction(async (tx) => {
      tx.onCommit(() => told.push('first'));
      await setQuota(tx, 'p', 'port', 3);
      tx.onCommit(() => told.push('second'));
      assert.deepEqual(told, []);
      return 7;
    });
    assert.equal(result, 7);
    assert.deepEqual(told, ['first', 'second']);
    assert.deepEqual(
      (await quotas(db)).map((row) => ({ ...row })),
      [{ project_id: 'p', resource: 'port', limit: 3 }],
    );
  });

  it('leave nothing when their callback throws', async () => {
    const db = await databases.open();
    let told = false;
    const failing = db.transaction(async (tx) => {
      tx.onCommit(() => {
        told = true;
      });
      await setQuota(tx, 'p', 'port', 3);
      throw new Error('no');
    });
    await assert.rejects(failing, /^Error: no$/);
    assert.equal(told, false);
    assert.deepEqual(await quotas(db), []);
  });

  it('name table and columns of a duplicate key, of a primary key and of a unique index', async () => {
    const db = await databases.open();
    await db.transaction((tx) => setQuota(tx, 'p', 'port', 3));
    await assert.rejects(
      db.transaction((tx) => setQuota(tx, 'p', 'port', 4)),
      (error) => {
        assert.ok(error instanceof UniqueViolation);
        assert.equal(error.table, 'quotas');
        assert.deepEqual(error.columns, ['project_id', 'resource']);
        return true;
      },
    );
    const grant = (id: string) =>
      db.transaction((tx) =>
        tx.query
          .insertInto('rbac_entries')
          .values({
            id,
            project_id: 'p',
            object_type: 'network',
            object_id: 'n',
            action: 'a',
            target_project: '*',
          })
          .execute(),
      );
    await grant('1');
    await assert.rejects(grant('2'), (error) => {
      assert.ok(error instanceof UniqueViolation);
      assert.equal(error.table, 'rbac_entries');
      assert.deepEqual(error.columns, ['object_type', 'object_id', 'action', 'target_project']);
      return true;
    });
  });

  it('cannot go on after a failed statement, even when its error was caught', async () => {
    const db = await databases.open();
    await db.transaction((tx) => setQuota(tx, 'p', 'port', 3));
    const stubborn = db.transaction(async (tx) => {
      await setQuota(tx, 'p', 'network', 1);
      await setQuota(tx, 'p', 'port', 4).catch(() => undefined);
      return 'done';
    });
    await assert.rejects(stubborn, UniqueViolation);
    assert.equal((await quotas(db)).length, 1);
  });

  it('refuse statements after their end', async () => {
    const db = await databases.open();
    let leaked: Transaction | undefined;
    await db.transaction(async (tx) => {
      leaked = tx;
    });
    assert.ok(leaked);
    await assert.rejects(setQuota(leaked, 'p', 'port', 1), ScopeEnded);
    const reader = await db.read(async (r) => r);
    await assert.rejects(reader.query.selectFrom('quotas').selectAll().execute(), ScopeEnded);
    assert.deepEqual(await quotas(db), []);
  });
});

forEachDialect('transactions among others', (databases) => {
  it('are repeated when the callback asks for it, and answer 503 when it never helps', async () => {
    const db = await databases.open();
    let attempts = 0;
    const told: number[] = [];
    await db.transaction(async (tx) => {
      attempts += 1;
      const attempt = attempts;
      tx.onCommit(() => told.push(attempt));
      await setQuota(tx, 'p', 'port', attempts);
      if (attempts < 3) throw new RetryTransaction('again');
    });
    assert.deepEqual(told, [3]);
    assert.deepEqual(
      (await quotas(db)).map((row) => row.limit),
      [3],
    );
    await assert.rejects(
      db.transaction(async () => {
        throw new RetryTransaction('always');
      }),
      (error) => error instanceof ApiError && error.status === 503,
    );
  });

  it('lose no update when many of them increase one number at once', async () => {
    const db = await databases.open();
    await db.transaction((tx) => setQuota(tx, 'p', 'port', 0));
    const increase = () =>
      db.transaction(async (tx) => {
        const row = await tx.query.selectFrom('quotas').select('limit').executeTakeFirstOrThrow();
        await tx.query
          .updateTable('quotas')
          .set({ limit: row.limit + 1 })
          .execute();
      });
    await Promise.all(Array.from({ length: 12 }, increase));
    assert.deepEqual(
      (await quotas(db)).map((row) => row.limit),
      [12],
    );
  });

  it('that fail do not disturb those that run with them', async () => {
    const db = await databases.open();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, (_, index) =>
        db.transaction(async (tx) => {
          await setQuota(tx, 'p', `r${String(index).padStart(2, '0')}`, index);
          if (index % 3 === 0) throw new Error(`refused ${index}`);
          return index;
        }),
      ),
    );
    const kept = (await quotas(db)).map((row) => row.limit);
    assert.deepEqual(
      kept,
      Array.from({ length: 20 }, (_, index) => index).filter((index) => index % 3 !== 0),
    );
    for (const [index, outcome] of outcomes.entries()) {
      assert.equal(outcome.status, index % 3 === 0 ? 'rejected' : 'fulfilled');
    }
  });
});

forEachDialect('snapshots', (databases) => {
  it('do not see what is committed while they last', async () => {
    const db = await databases.open();
    await db.read(async ({ query }) => {
      assert.equal((await query.selectFrom('quotas').selectAll().execute()).length, 0);
      await db.transaction((tx) => setQuota(tx, 'p', 'port', 1));
      assert.equal((await query.selectFrom('quotas').selectAll().execute()).length, 0);
    });
    assert.equal((await quotas(db)).length, 1);
  });

  it('of the latest state see all that is committed and nothing that is under way', async () => {
    const db = await databases.open();
    const limits = async () =>
      (await db.readLatest(({ query }) => query.selectFrom('quotas').select('limit').execute())).map(
        (row) => row.limit,
      );
    await db.transaction((tx) => setQuota(tx, 'p', 'port', 1));
    assert.deepEqual(await limits(), [1]);
    const failing = db.transaction(async (tx) => {
      await tx.query.updateTable('quotas').set({ limit: 2 }).execute();
      throw new Error('no');
    });
    const seen = limits();
    await assert.rejects(failing, /^Error: no$/);
    assert.deepEqual(await seen, [1]);
    // Many of both at once: each reading is some committed state, and one after a write sees it.
    const rounds = Array.from({ length: 20 }, async (_each, n) => {
      await db.transaction((tx) => setQuota(tx, 'q', `r${n}`, n));
      assert.ok((await limits()).includes(n));
    });
    await Promise.all(rounds);
  });

  it('of the latest state give the connection back when they fail, and cannot write', async () => {
    const db = await databases.open();
    await assert.rejects(
      db.readLatest(async () => {
        throw new Error('no');
      }),
      /^Error: no$/,
    );
    await assert.rejects(
      db.readLatest(({ query }) =>
        query.insertInto('quotas').values({ project_id: 'p', resource: 'r', limit: 1 }).execute(),
      ),
    );
    await db.transaction((tx) => setQuota(tx, 'p', 'port', 3));
    assert.equal((await quotas(db)).length, 1);
  });

  it('cannot write', async () => {
    const db = await databases.open();
    await assert.rejects(
      db.read(({ query }) =>
        query.insertInto('quotas').values({ project_id: 'p', resource: 'r', limit: 1 }).execute(),
      ),
    );
    assert.deepEqual(await quotas(db), []);
  });

  it('take lists of any length as one parameter', async () => {
    const db = await databases.open();
    await db.transaction(async (tx) => {
      for (const [index, resource] of ['a', 'b"', "c'\\"].entries()) await setQuota(tx, 'p', resource, index);
    });
    const among = (values: readonly string[]) =>
      db.read(({ query }) =>
        query
          .selectFrom('quotas')
          .select('limit')
          .where('resource', 'in', eachOf(values))
          .orderBy('limit')
          .execute(),
      );
    assert.deepEqual(
      (await among(['b"', "c'\\", 'x'])).map((row) => row.limit),
      [1, 2],
    );
    assert.deepEqual(await among([]), []);
    const byNumber = await db.read(({ query }) =>
      query
        .selectFrom('quotas')
        .select('resource')
        .where('limit', 'in', eachOf([0, 1]))
        .orderBy('limit')
        .execute(),
    );
    assert.deepEqual(
      byNumber.map((row) => row.resource),
      ['a', 'b"'],
    );
  });

  it('count as numbers', async () => {
    const db = await databases.open();
    await db.transaction((tx) => setQuota(tx, 'p', 'a', 1));
    const row = await db.read(({ query }) =>
      query.selectFrom('quotas').select(sql<number>`count(*)`.as('n')).executeTakeFirstOrThrow(),
    );
    assert.equal(row.n, 1);
  });
});

forEachDialect('opening a database', (databases) => {
  it('migrates it once, also when several open it together, and keeps its data', async () => {
    const url = await databases.emptyUrl();
    const opened = await Promise.all([openDatabase({ url }), openDatabase({ url }), openDatabase({ url })]);
    const [first] = opened;
    await first.transaction((tx) => setQuota(tx, 'p', 'port', 3));
    for (const database of opened) {
      assert.equal(await database.ping(), true);
      assert.equal((await quotas(database)).length, 1);
      await database[Symbol.asyncDispose]();
      assert.equal(await database.ping(), false);
    }
    await using again = await openDatabase({ url });
    assert.equal((await quotas(again)).length, 1);
  });

  it('ships the templates of security group rules', async () => {
    const db = await databases.open();
    const templates = await db.read(({ query }) =>
      query
        .selectFrom('default_security_group_rules')
        .select(['direction', 'ethertype', 'remote_group_id', 'used_in_default_sg', 'used_in_non_default_sg'])
        .orderBy('direction')
        .orderBy('ethertype')
        .execute(),
    );
    assert.deepEqual(
      templates.map((row) => Object.values(row)),
      [
        ['egress', 'IPv4', null, 1, 1],
        ['egress', 'IPv6', null, 1, 1],
        ['ingress', 'IPv4', 'PARENT', 1, 0],
        ['ingress', 'IPv6', 'PARENT', 1, 0],
      ],
    );
  });

  it('orders text by code unit, whatever the locale', async () => {
    const db = await databases.open();
    await db.transaction(async (tx) => {
      for (const resource of ['b', 'B', 'a', '_', 'é', 'Z']) await setQuota(tx, 'p', resource, 1);
    });
    assert.deepEqual(
      (await quotas(db)).map((row) => row.resource),
      ['B', 'Z', '_', 'a', 'b', 'é'],
    );
  });
});
