import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../../packages/server/src/core/clock.ts';
import { quietLogger } from '../../packages/server/src/core/logger.ts';
import type { Transaction } from '../../packages/server/src/db/database.ts';
import { openExistingDatabase } from '../../packages/server/src/db/open.ts';
import { createOvnMechanismDriver } from '../../packages/server/src/drivers/mech/ovn/driver.ts';
import { defaultOvnSettings } from '../../packages/server/src/drivers/mech/ovn/settings.ts';
import { Rows } from '../../packages/server/src/drivers/mech/ovn/testing/rows.ts';
import type { Change } from '../../packages/server/src/ml2/contract.ts';
import { portsById } from '../../packages/server/src/resources/port/store.ts';

/**
 * One process of several that change the same ports: `node writer-process.ts URL NB SB NETWORK STEPS`. Each step makes a
 * port, renames one or deletes one, whoever made it, as requests do. Ends when all steps are carried out.
 */
const [url = '', nb = '', sb = '', network = '', steps = '0'] = process.argv.slice(2);

await using database = await openExistingDatabase({ url });
await using driver = createOvnMechanismDriver({
  northbound: { endpoints: [nb] },
  southbound: { endpoints: [sb] },
  settings: defaultOvnSettings,
  database,
  clock: systemClock,
  logger: quietLogger(),
  report: async () => {},
});
await driver.start?.(new AbortController().signal);
process.stdout.write('ready\n');

const someone = (ids: readonly string[]): string => ids[Math.floor(Math.random() * ids.length)] ?? '';

const drawn = async (tx: Transaction): Promise<Change | undefined> => {
  const ids = (await tx.query.selectFrom('ports').select('id').execute()).map((row) => row.id);
  const draw = Math.random();
  if (ids.length < 4 || draw < 0.3) {
    const made = await new Rows(tx).port(network, { id: randomUUID() });
    const [current] = await portsById(tx, [made]);
    return current && { kind: 'port', action: 'create', id: made, current };
  }
  const id = someone(ids);
  const [original] = await portsById(tx, [id]);
  if (original === undefined) return undefined;
  if (draw < 0.6) {
    await new Rows(tx).deletePort(id);
    return { kind: 'port', action: 'delete', id, original };
  }
  await tx.query
    .updateTable('ports')
    .set((eb) => ({ name: `by ${process.pid}`, revision_number: eb('revision_number', '+', 1) }))
    .where('id', '=', id)
    .execute();
  const [current] = await portsById(tx, [id]);
  return current && { kind: 'port', action: 'update', id, original, current };
};

const lane = async (count: number): Promise<void> => {
  for (let step = 0; step < count; step += 1) {
    const change = await database.transaction(async (tx) => {
      const made = await drawn(tx);
      if (made !== undefined) await driver.precommit?.([made], tx);
      return made;
    });
    if (change !== undefined) await driver.postcommit?.([change]);
  }
};

await Promise.all([1, 2, 3, 4].map(() => lane(Number(steps) / 4)));

// A request that waited long enough leaves its rows to the journal, which some process carries out.
const left = () => database.read(({ query }) => query.selectFrom('journal').select('seq').execute());
for (const deadline = Date.now() + 30_000; Date.now() < deadline && (await left()).length > 0; )
  await sleep(200);
