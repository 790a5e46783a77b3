import assert from 'node:assert/strict';
import { it } from 'node:test';
import { dbCommand } from './db.ts';

const copy = (...urls: readonly string[]): Promise<unknown> =>
  dbCommand().parseAsync(['copy', ...urls], { from: 'user' });

it('takes no password among its arguments, and repeats none', async () => {
  const target = ['--to', 'postgres://ovn@127.0.0.1:1/neutron'];
  for (const urls of [
    ['--to', 'postgres://ovn:hidden-1@127.0.0.1:1/neutron'],
    ['--to', 'postgres://ovn@127.0.0.1:1/neutron?password=hidden-1'],
    ['--from', 'postgresql://ovn:hidden-1@127.0.0.1:1/neutron', ...target],
  ])
    await assert.rejects(copy(...urls), (error) => {
      assert.ok(error instanceof Error);
      assert.match(error.message, /PGPASSWORD or ~\/\.pgpass/);
      return !error.message.includes('hidden');
    });
  await assert.rejects(copy('--from', 'sqlite:/nonexistent/ovenbird.db', ...target), /ENOENT/);
});
