import assert from 'node:assert/strict';
import { it } from 'node:test';
import { ApiError } from '@ovenbird/api';
import type { Database } from '../db/database.ts';
import { forEachDialect } from '../testing/databases.ts';
import { createQuota, type QuotaConfig } from './quota.ts';

const grants = (database: Database, projectId: string, count: number) =>
  database.transaction(async ({ query }) => {
    for (let index = 0; index < count; index += 1) {
      await query
        .insertInto('rbac_entries')
        .values({
          id: `${projectId}-${index}`,
          project_id: projectId,
          object_type: 'network',
          object_id: `${projectId}-${index}`,
          action: 'access_as_shared',
          target_project: '*',
        })
        .execute();
    }
  });

const asks = async (
  database: Database,
  config: QuotaConfig,
  added: number,
  limit: number,
  projectId = 'p',
): Promise<boolean> => {
  const quota = { name: 'rbac_policy', limit };
  try {
    await database.transaction((tx) =>
      createQuota(config).require(tx, { quota, table: 'rbac_entries', projectId, added }),
    );
    return true;
  } catch (error) {
    assert.ok(error instanceof ApiError, String(error));
    assert.deepEqual([error.status, error.type], [409, 'OverQuota']);
    assert.match(error.message, /rbac_policy/);
    return false;
  }
};

const NONE: QuotaConfig = { default: -1, limits: {} };

forEachDialect('quotas', (databases) => {
  it('allow up to the limit and not one more, for each project by itself', async () => {
    const db = await databases.open();
    await grants(db, 'p', 3);
    await grants(db, 'q', 9);
    assert.equal(await asks(db, NONE, 1, 4), true);
    assert.equal(await asks(db, NONE, 2, 5), true);
    assert.equal(await asks(db, NONE, 1, 3), false);
    assert.equal(await asks(db, NONE, 2, 4), false);
    assert.equal(await asks(db, NONE, 3, 2), false);
    assert.equal(await asks(db, NONE, 1, 0), false);
    assert.equal(await asks(db, NONE, 1000, -1), true);
    assert.equal(await asks(db, NONE, 1, 1, 'r'), true);
  });

  it("take the project's own limit before the configured one, and that before the built-in one", async () => {
    const db = await databases.open();
    await grants(db, 'p', 3);
    const configured = { default: -1, limits: { rbac_policy: 5 } };
    assert.equal(await asks(db, configured, 2, 3), true);
    assert.equal(await asks(db, configured, 3, 9), false);
    assert.equal(await asks(db, { default: 3, limits: {} }, 1, -1), false);
    assert.equal(await asks(db, { default: 3, limits: {} }, 1, 10), true);
    await db.transaction(({ query }) =>
      query.insertInto('quotas').values({ project_id: 'p', resource: 'rbac_policy', limit: 4 }).execute(),
    );
    assert.equal(await asks(db, configured, 1, 9), true);
    assert.equal(await asks(db, configured, 2, 9), false);
    assert.equal(await asks(db, configured, 2, 9, 'q'), true);
  });
});
