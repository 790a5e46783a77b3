import assert from 'node:assert/strict';
import { it } from 'node:test';
import { createApp } from '../app.ts';
import { loadConfig } from '../config/config.ts';
import { createLogger } from '../core/logger.ts';
import { forEachDialect } from '../testing/databases.ts';

/** More than a pool has connections, or SQLite has readers. */
const MANY = 25;

forEachDialect('the readiness page', (databases) => {
  const open = async () => {
    const file = {
      database: { url: await databases.freshUrl() },
      identity: { driver: 'none' },
      ml2: { mechanismDrivers: ['logger'] },
    };
    return createApp(loadConfig({ file }), { logger: createLogger({ level: 'silent' }) });
  };

  it('tells the truth at once while requests take every connection and others wait for one', async () => {
    await using app = await open();
    const gate = Promise.withResolvers<void>();
    const writes = Array.from({ length: MANY }, (_, index) =>
      app.database.transaction(async ({ query }) => {
        await gate.promise;
        await query
          .insertInto('quotas')
          .values({ project_id: `${index}`, resource: 'port', limit: 1 })
          .execute();
      }),
    );
    try {
      const pages = await Promise.all(Array.from({ length: MANY }, () => app.http.inject('/readyz')));
      for (const page of pages) assert.equal(page.statusCode, 200, page.body);
    } finally {
      gate.resolve();
      await Promise.all(writes);
    }
  });
});
