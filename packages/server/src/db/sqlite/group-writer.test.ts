import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { TransactionConflict } from '../transaction-errors.ts';
import { SqliteConnection } from './connection.ts';
import { GroupWriter } from './group-writer.ts';

/** A real connection that remembers the transaction control it ran. */
class Watched extends SqliteConnection {
  readonly ran: string[] = [];
  override control(sql: string): void {
    this.ran.push(sql);
    super.control(sql);
  }
  commits(): number {
    return this.ran.filter((sql) => sql === 'commit').length;
  }
}

describe('group commit', () => {
  let directory = '';
  let count = 0;
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'ovenbird-group-'));
  });
  after(() => rm(directory, { recursive: true, force: true }));

  const open = () => {
    count += 1;
    const path = join(directory, `${count}.db`);
    const connection = new Watched(path, { readOnly: false });
    connection.control('create table t (n integer primary key)');
    return { connection, path };
  };
  const insert = (connection: SqliteConnection, n: number) => async () => {
    connection.execute('insert into t values (?)', [n]);
    return n;
  };
  const numbers = (connection: SqliteConnection) =>
    // The statement gives rows of this shape.
    (connection.execute('select n from t order by n', []).rows as { n: number }[]).map((row) => row.n);

  it('shares one commit among writers that wait together, and resolves none of them before it', async () => {
    const { connection } = open();
    using _ = connection;
    await using writer = new GroupWriter(connection, { transactions: 64, milliseconds: 1_000 });
    const before = connection.commits();
    const commitsSeen: number[] = [];
    const results = await Promise.all(
      Array.from({ length: 20 }, async (_each, n) => {
        const result = await writer.write(insert(connection, n));
        commitsSeen.push(connection.commits() - before);
        return result;
      }),
    );
    assert.deepEqual(results, [...Array(20).keys()]);
    assert.equal(connection.commits() - before, 1);
    assert.ok(commitsSeen.every((commits) => commits === 1));
  });

  it('ends a group at its limit of transactions', async () => {
    const { connection } = open();
    using _ = connection;
    await using writer = new GroupWriter(connection, { transactions: 8, milliseconds: 1_000 });
    await Promise.all(Array.from({ length: 20 }, (_each, n) => writer.write(insert(connection, n))));
    assert.equal(connection.commits(), 3);
    assert.equal(numbers(connection).length, 20);
  });

  it('undoes a failing transaction alone', async () => {
    const { connection } = open();
    using _ = connection;
    await using writer = new GroupWriter(connection, { transactions: 64, milliseconds: 1_000 });
    const failing = writer.write(async () => {
      await insert(connection, 1)();
      throw new Error('no');
    });
    const others = [writer.write(insert(connection, 2)), writer.write(insert(connection, 3))];
    await assert.rejects(failing, /^Error: no$/);
    await Promise.all(others);
    assert.deepEqual(numbers(connection), [2, 3]);
    assert.equal(connection.commits(), 1);
  });

  it('fails all that wait while another process holds the file, and works again afterwards', async () => {
    const { connection, path } = open();
    using _ = connection;
    using other = new SqliteConnection(path, { readOnly: false });
    await using writer = new GroupWriter(connection, { transactions: 64, milliseconds: 1_000 });
    other.control('begin immediate');
    const outcomes = await Promise.allSettled([1, 2].map((n) => writer.write(insert(connection, n))));
    for (const outcome of outcomes) {
      assert.ok(outcome.status === 'rejected' && outcome.reason instanceof TransactionConflict);
    }
    other.control('rollback');
    await writer.write(insert(connection, 3));
    assert.deepEqual(numbers(connection), [3]);
  });

  it('loses nobody when the whole transaction is rolled back under a member', async () => {
    const { connection } = open();
    using _ = connection;
    await using writer = new GroupWriter(connection, { transactions: 64, milliseconds: 1_000 });
    const first = writer.write(insert(connection, 1));
    const breaking = writer.write(async () => connection.control('rollback'));
    const outcomes = await Promise.allSettled([first, breaking]);
    assert.deepEqual(
      outcomes.map((outcome) => outcome.status),
      ['rejected', 'rejected'],
    );
    await writer.write(insert(connection, 2));
    assert.deepEqual(numbers(connection), [2]);
  });

  it('works on after a transaction that could not be ended', async () => {
    const { connection } = open();
    using _ = connection;
    await using writer = new GroupWriter(connection, { transactions: 64, milliseconds: 1_000 });
    connection.control('begin');
    await insert(connection, 1)();
    await writer.write(insert(connection, 2));
    connection.control('begin');
    assert.deepEqual(await writer.read(async () => numbers(connection)), [2]);
  });

  it('refuses writes once it is closed, after finishing what waited', async () => {
    const { connection } = open();
    using _ = connection;
    const writer = new GroupWriter(connection, { transactions: 64, milliseconds: 1_000 });
    const waiting = writer.write(insert(connection, 1));
    const closing = writer[Symbol.asyncDispose]();
    await assert.rejects(writer.write(insert(connection, 2)), /closed/);
    await closing;
    assert.equal(await waiting, 1);
    assert.deepEqual(numbers(connection), [1]);
  });
});
