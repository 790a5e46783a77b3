import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { openOvnTools } from '../../packages/server/src/app/ovn-tools.ts';
import { loadConfig } from '../../packages/server/src/config/config.ts';
import { quietLogger } from '../../packages/server/src/core/logger.ts';
import { CopyRefused, copyDatabase } from '../../packages/server/src/db/copy/copy-database.ts';
import { openDatabase } from '../../packages/server/src/db/open.ts';
import { withRows } from '../../packages/server/src/drivers/mech/ovn/testing/rows.ts';
import { startPostgres, type TestPostgres } from '../../packages/server/src/testing/postgres.ts';
import { RandomOperations } from './random-operations.ts';
import { startOvnStack } from './stack.ts';

const run = promisify(execFile);
const main = path.resolve(import.meta.dirname, '../../packages/cli/src/main.ts');
const MANY = 2_500;

describe('ovenbird db copy', () => {
  let folder: string;
  let server: TestPostgres;
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'ovenbird-db-copy-'));
    server = await startPostgres();
  });
  after(async () => {
    await server[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });
  const sqlite = (name: string) => `sqlite:${path.join(folder, `${name}.db`)}`;

  const manyPorts = async (url: string): Promise<void> => {
    await using database = await openDatabase({ url });
    await withRows(database, async (rows, tx) => {
      const network = await rows.network();
      for (let count = 0; count < MANY; count += 1) await rows.port(network, { name: `Ünï\t"${count}"\\` });
      for (let count = 0; count < 3; count += 1)
        await tx.query.insertInto('journal').values({ kind: 'port', id: 'x', created_at: tx.now }).execute();
    });
  };

  it('moves everything that requests made, and OVN is what the copy says', async () => {
    const from = sqlite('service');
    const to = await server.createDatabase();
    await using stack = await startOvnStack(from);
    const operations = new RandomOperations(stack, 11);
    for (let step = 0; step < 150; step += 1) await operations.step();
    await stack.app[Symbol.asyncDispose]();
    const { stdout } = await run(process.execPath, [main, 'db', 'copy', '--from', from, '--to', to]);
    assert.match(stdout, /^copied and compared: \d{3,} rows of \d\d tables$/m);
    const config = loadConfig({ file: { ...stack.configuration, database: { url: to } } });
    await using tools = await openOvnTools(config, quietLogger(), 10_000);
    assert.deepEqual(await tools.diff(), []);
    await assert.rejects(copyDatabase({ from, to }), /the target has rows in \w+ already/);
  });

  it('moves more than a page of a table, and numbers go on behind the last one', async () => {
    const from = sqlite('many');
    const to = await server.createDatabase();
    await manyPorts(from);
    const told: string[] = [];
    const { rows } = await copyDatabase({
      from,
      to,
      copying: (done, all) => told.push(`copied ${done}/${all}`),
      verifying: (done, all) => told.push(`compared ${done}/${all}`),
    });
    assert.ok(rows > MANY && told.includes(`copied ${rows}/${rows}`));
    assert.equal(told.at(-1), `compared ${rows}/${rows}`);
    await using target = await openDatabase({ url: to });
    const numbers = await target.transaction(async (tx) => {
      await tx.query.insertInto('journal').values({ kind: 'port', id: 'y', created_at: tx.now }).execute();
      return await tx.query.selectFrom('journal').select('seq').orderBy('seq').execute();
    });
    assert.deepEqual(
      numbers.map(({ seq }) => seq),
      [1, 2, 3, 4],
    );
  });

  it('does not let pass what changed meanwhile, whatever it is', async () => {
    for (const change of ['update', 'insert', 'delete'] as const) {
      const from = sqlite(change);
      const to = await server.createDatabase();
      await manyPorts(from);
      await using writer = await openDatabase({ url: from });
      const port = await writer.read((reader) =>
        reader.query.selectFrom('ports').selectAll().executeTakeFirstOrThrow(),
      );
      let changed: Promise<unknown> | undefined;
      const meddle = () =>
        writer.transaction(async (tx) => {
          if (change === 'insert')
            await tx.query
              .insertInto('ports')
              .values({ ...port, id: 'zz', mac_address: 'zz' })
              .execute();
          else if (change === 'delete')
            await tx.query.deleteFrom('ports').where('id', '=', port.id).execute();
          else await tx.query.updateTable('ports').set({ name: 'x' }).where('id', '=', port.id).execute();
        });
      const copying = () => {
        changed ??= meddle();
      };
      const copied = copyDatabase({ from, to, copying });
      await assert.rejects(
        copied,
        (error) => error instanceof CopyRefused && /^ports .* differs/.test(error.message),
      );
      await changed;
    }
  });

  it('refuses what is no source and no target', async () => {
    const to = await server.createDatabase();
    await assert.rejects(copyDatabase({ from: sqlite('nowhere'), to }), /ENOENT/);
    await assert.rejects(copyDatabase({ from: to, to }), /source must be a sqlite/);
    await assert.rejects(
      copyDatabase({ from: sqlite('many'), to: sqlite('other') }),
      /target must be a postgres/,
    );
  });
});
