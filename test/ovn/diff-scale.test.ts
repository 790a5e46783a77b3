import assert from 'node:assert/strict';
import { it } from 'node:test';
import { audit } from '../../packages/server/src/app/audit.ts';
import { openOvnTools } from '../../packages/server/src/app/ovn-tools.ts';
import { checks } from '../../packages/server/src/audit/checks/index.ts';
import { loadConfig } from '../../packages/server/src/config/config.ts';
import { quietLogger } from '../../packages/server/src/core/logger.ts';
import { withRows } from '../../packages/server/src/drivers/mech/ovn/testing/rows.ts';
import { forEachDialect } from '../../packages/server/src/testing/databases.ts';
import { type OvnStack, startOvnStack } from './stack.ts';

const PORTS = 10_000;
const BROKEN = 1_000;
const PORTS_OF_A_NETWORK = 200;
/** What is promised on two idle cores, and how much slower a machine with other work may be, in milliseconds. */
const DIFF_MS = 2_000;
const REPAIR_MS = 5_000;
const AUDIT_MS = 3_000;
const FILL_MS = 10_000;
const SLACK = 2;
/** Tries of what changes nothing: a machine that does something else for a moment is not what is measured. */
const TRIES = 3;
/** Rows of one transaction: objects are written 500 at a time, and some of them are several rows. */
const LARGEST_ROWS = 1_000;

const resync = ({ app }: OvnStack) => app.ovn?.resync() ?? assert.fail('without OVN');

forEachDialect('with ten thousand ports', (databases) => {
  it('a comparison and a repair of a thousand rows are quick', async (t) => {
    await using stack = await startOvnStack(await databases.freshUrl(), { comparisonInterval: 0 });
    const timed = async <T>(what: string, work: () => Promise<T>): Promise<[T, number]> => {
      const began = performance.now();
      const result = await work();
      const ms = Math.round(performance.now() - began);
      t.diagnostic(`${what}: ${ms} ms`);
      return [result, ms];
    };
    const ids: string[] = [];
    for (let network = 0; network < PORTS / PORTS_OF_A_NETWORK; network += 1)
      await withRows(stack.app.database, async (rows) => {
        const id = await rows.network();
        const subnet = await rows.subnet(id, { cidr: '10.0.0.0/16' });
        const group = await rows.securityGroup();
        for (let at = 0; at < PORTS_OF_A_NETWORK; at += 1)
          ids.push(
            await rows.port(id, {}, { addresses: [{ subnet, ip: `10.0.1.${at + 1}` }], groups: [group] }),
          );
      });
    const largest = { rows: 0, transactions: 0 };
    using _watching = stack.observer.onBatch(({ changes }) => {
      largest.transactions += 1;
      largest.rows = Math.max(largest.rows, changes.length);
    });
    const [filled, fillMs] = await timed('filling an empty Northbound database', () => resync(stack));
    await stack.see();
    t.diagnostic(`in ${largest.transactions} transactions, the largest of ${largest.rows} rows`);
    assert.deepEqual([filled.different >= PORTS, filled.outcome], [true, 'applied']);
    assert.ok(largest.rows <= LARGEST_ROWS);
    assert.ok(fillMs < FILL_MS * SLACK, `filling took ${fillMs} ms`);
    await using tools = await openOvnTools(loadConfig({ file: stack.configuration }), quietLogger(), 20_000);
    const quickest = async <T>(what: string, limitMs: number, work: () => Promise<T>): Promise<T> => {
      for (let left = TRIES; ; left -= 1) {
        const [result, ms] = await timed(what, work);
        if (ms < limitMs * SLACK) return result;
        assert.ok(left > 1, `${what} took ${ms} ms, and was no quicker before`);
      }
    };
    const clean = await quickest('diff without findings', DIFF_MS, () => tools.diff());
    assert.deepEqual(clean, []);
    const config = loadConfig({ file: stack.configuration });
    const given = { checks, patience: 60_000, configFile: undefined, environment: {} };
    const report = await quickest('audit', AUDIT_MS, () => audit(config, given));
    assert.deepEqual(report.unexamined, []);
    const { operations: ops } = stack.observer;
    await stack.observer.transact(
      ids
        .slice(0, BROKEN)
        .map((id) => ops.update('Logical_Switch_Port', [['_uuid', '==', id]], { addresses: new Set() })),
    );
    await stack.see();
    const found = await quickest('diff of a thousand rows', DIFF_MS, () => tools.diff());
    assert.equal(found.length, BROKEN);
    const [repaired, repairMs] = await timed('repair of a thousand rows', () => tools.repair(found));
    assert.deepEqual({ ...repaired }, { keys: BROKEN, failed: [], outcome: 'applied' });
    assert.deepEqual(await stack.drift(), []);
    assert.ok(repairMs < REPAIR_MS * SLACK, `repair took ${repairMs} ms`);
  });
});
