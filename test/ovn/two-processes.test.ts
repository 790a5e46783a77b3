import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { openDatabase } from '../../packages/server/src/db/open.ts';
import { driverOn } from '../../packages/server/src/drivers/mech/ovn/testing/driver.ts';
import { startOvnServers } from '../../packages/server/src/drivers/mech/ovn/testing/ovn-servers.ts';
import { withRows } from '../../packages/server/src/drivers/mech/ovn/testing/rows.ts';
import { startPostgres } from '../../packages/server/src/testing/postgres.ts';

const program = path.resolve(import.meta.dirname, 'writer-process.ts');
const STEPS = 200;

const ended = async (child: ChildProcess): Promise<void> => {
  let said = '';
  child.stderr?.on('data', (text) => {
    said += text;
  });
  const [code] = await once(child, 'exit');
  assert.equal(code, 0, said);
};

/** Stop a process now and then for longer than what it has read stays true. */
const stumble = async (child: ChildProcess): Promise<void> => {
  while (child.exitCode === null) {
    await sleep(150 + Math.random() * 300);
    child.kill('SIGSTOP');
    await sleep(300);
    child.kill('SIGCONT');
  }
};

it('two processes that change the same ports leave OVN as SQL, and no row ever goes back to an older revision or comes back', async () => {
  await using servers = await startOvnServers();
  await using postgres = await startPostgres();
  const url = await postgres.createDatabase();
  await using database = await openDatabase({ url });
  const network = await withRows(database, (rows) => rows.network());
  await using observer = driverOn(servers, database);
  await observer.northbound.ready();
  await observer.resync();
  const revisions = new Map<string, number>();
  const wentBack: string[] = [];
  using _watching = observer.northbound.onBatch(({ changes }) => {
    for (const change of changes) {
      if (change.table !== 'Logical_Switch_Port') continue;
      const revision =
        change.kind === 'delete'
          ? Number.POSITIVE_INFINITY
          : Number(change.row.external_ids.get('neutron:revision_number'));
      if (revision < (revisions.get(change.uuid) ?? 0)) wentBack.push(change.uuid);
      revisions.set(change.uuid, revision);
    }
  });
  const writer = () =>
    spawn(
      process.execPath,
      [program, url, servers.northbound.endpoint, servers.southbound.endpoint, network, `${STEPS}`],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    );
  const [first, second] = [writer(), writer()];
  const stumbling = stumble(second);
  await Promise.all([ended(first), ended(second)]);
  await stumbling;
  await observer.northbound.transact([observer.northbound.operations.comment('look')]);
  assert.deepEqual(await observer.drift(), []);
  assert.deepEqual(wentBack, []);
  assert.ok(revisions.size > STEPS / 4);
  const left = await database.read((reader) => reader.query.selectFrom('journal').select('seq').execute());
  assert.deepEqual(left, []);
});
