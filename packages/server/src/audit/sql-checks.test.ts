import assert from 'node:assert/strict';
import { before, it } from 'node:test';
import { defaultPolicyRules } from '@ovenbird/api';
import { loadConfig } from '../config/config.ts';
import type { Database, Transaction } from '../db/database.ts';
import { Rows, withRows } from '../drivers/mech/ovn/testing/rows.ts';
import { compilePolicy } from '../policy/policy.ts';
import { forEachDialect } from '../testing/databases.ts';
import type { Found, SqlCheck, SqlSite } from './check.ts';
import { checks } from './checks/index.ts';
import { plantsOfGroups } from './testing/plants-of-groups.ts';
import { plantsOfRows } from './testing/plants-of-rows.ts';
import { cleanSite, type Planted, type World } from './testing/world.ts';

/** Each is planted alone. */
const plants = [...plantsOfGroups, ...plantsOfRows];

const sqlChecks = new Map(
  checks.filter((check): check is SqlCheck => check.needs === 'sql').map((check) => [check.id, check]),
);

/** Ends a transaction that must leave nothing behind. */
class Undone extends Error {
  readonly found: readonly Found[];
  constructor(found: readonly Found[]) {
    super('undone');
    this.found = found;
  }
}

const now = new Date();

const siteOn = (reader: SqlSite['reader']): SqlSite => ({
  config: loadConfig(),
  configFile: undefined,
  environment: {},
  policy: compilePolicy(defaultPolicyRules),
  now,
  reader,
});

/** Plant a fault, look, and take it back. */
const foundAfter = async (
  database: Database,
  check: SqlCheck,
  plant: (rows: Rows, tx: Transaction) => Promise<Planted>,
): Promise<{ readonly found: readonly Found[]; readonly planted: Planted }> => {
  let planted: Planted = { subject: '' };
  try {
    await database.transaction(async (tx) => {
      planted = await plant(new Rows(tx), tx);
      throw new Undone(await check.examine(siteOn(tx)));
    });
  } catch (error) {
    if (error instanceof Undone) return { found: error.found, planted };
    throw error;
  }
  throw new Error('the transaction was not undone');
};

forEachDialect('audit of SQL', (databases) => {
  let database: Database;
  let world: World;
  before(async () => {
    database = await databases.open();
    world = await withRows(database, cleanSite);
  });
  it('has a planted fault for every check', () => {
    assert.deepEqual(new Set(plants.map(({ check }) => check)), new Set(sqlChecks.keys()));
  });

  it('finds nothing on a site without faults', async () => {
    for (const check of sqlChecks.values())
      assert.deepEqual(await database.read((reader) => check.examine(siteOn(reader))), [], check.id);
  });

  for (const { check: id, what, plant } of plants) {
    it(`${id}: ${what}`, async () => {
      const check = sqlChecks.get(id);
      assert.ok(check);
      const { found, planted } = await foundAfter(database, check, (rows, tx) => plant(world, rows, tx));
      assert.deepEqual(
        found.map(({ subject }) => subject.id),
        [planted.subject],
        JSON.stringify(found),
      );
      if (planted.evidence !== undefined) assert.match(found[0]?.evidence ?? '', planted.evidence);
      if (planted.severity !== undefined)
        assert.equal(found[0]?.severity ?? check.severity, planted.severity);
    });
  }

  it('leaves the site as it was', async () => {
    for (const check of sqlChecks.values())
      assert.deepEqual(await database.read((reader) => check.examine(siteOn(reader))), [], check.id);
  });
});
