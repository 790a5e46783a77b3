import assert from 'node:assert/strict';
import { it } from 'node:test';
import { RetryTransaction } from '../db/database.ts';
import { forEachDialect } from '../testing/databases.ts';
import { createMl2Stack, userContext } from '../testing/ml2-stack.ts';
import type { Change } from './contract.ts';

forEachDialect('writes', (databases) => {
  it('that are tried again carry only what the last try did', async () => {
    const database = await databases.open();
    const seen: (readonly Change[])[] = [];
    const stack = createMl2Stack(database, {
      mechanismDrivers: [
        {
          name: 'recorder',
          precommit: (changes) => void seen.push(changes),
          [Symbol.asyncDispose]: () => Promise.resolve(),
        },
      ],
    });
    const network = await stack.createNetwork({ name: 'n' });
    seen.length = 0;
    let tries = 0;
    const { result, changes } = await stack.write(userContext('p1'), false, (step) => {
      tries += 1;
      const current = { ...network, name: `try ${tries}` };
      step.changes.record({ kind: 'network', action: 'update', id: network.id, original: network, current });
      if (tries < 3) throw new RetryTransaction('not yet');
      return Promise.resolve(tries);
    });
    assert.equal(result, 3);
    assert.equal(changes.all.length, 1);
    assert.deepEqual(seen, [changes.all]);
    assert.equal(changes.all[0]?.action === 'update' && changes.all[0].kind, 'network');
    assert.deepEqual(
      changes.all.map(
        (change) => change.action !== 'delete' && 'name' in change.current && change.current.name,
      ),
      ['try 3'],
    );
  });

  it('hand the caller and the right to the step', async () => {
    const database = await databases.open();
    const stack = createMl2Stack(database);
    const context = userContext('p7');
    const { result } = await stack.write(context, true, (step) =>
      Promise.resolve([step.context.projectId, step.isAdmin]),
    );
    assert.deepEqual(result, ['p7', true]);
  });

  it('that fail leave nothing to tell', async () => {
    const database = await databases.open();
    const heard: string[] = [];
    const stack = createMl2Stack(database, {
      mechanismDrivers: [
        {
          name: 'recorder',
          postcommit: () => Promise.resolve(void heard.push('told')),
          [Symbol.asyncDispose]: () => Promise.resolve(),
        },
      ],
    });
    await assert.rejects(
      stack.run(() => Promise.reject(new Error('no'))),
      /no/,
    );
    assert.deepEqual(heard, []);
  });
});
