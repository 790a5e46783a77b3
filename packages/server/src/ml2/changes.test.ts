import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Network, type Port, VlanIdInUse } from '@ovenbird/api';
import fc from 'fast-check';
import { forEachDialect } from '../testing/databases.ts';
import { createMl2Stack, userContext } from '../testing/ml2-stack.ts';
import { coalesce } from './changes.ts';
import type { Change, MechanismDriver } from './contract.ts';

// Only the name tells these apart; coalescing looks at nothing else.
const network = (name: string) => ({ name }) as Network;
const port = (name: string) => ({ name }) as Port;

const created = (id: string, name: string): Change => ({
  kind: 'network',
  action: 'create',
  id,
  current: network(name),
});
const updated = (id: string, before: string, name: string): Change => ({
  kind: 'network',
  action: 'update',
  id,
  original: network(before),
  current: network(name),
});
const deleted = (id: string, before: string): Change => ({
  kind: 'network',
  action: 'delete',
  id,
  original: network(before),
});

describe('coalescing changes', () => {
  it('makes one change of several to one object', () => {
    assert.deepEqual(coalesce([created('a', '1'), updated('a', '1', '2')]), [created('a', '2')]);
    assert.deepEqual(coalesce([updated('a', '1', '2'), updated('a', '2', '3')]), [updated('a', '1', '3')]);
    assert.deepEqual(coalesce([updated('a', '1', '2'), deleted('a', '2')]), [deleted('a', '1')]);
    assert.deepEqual(coalesce([created('a', '1'), updated('a', '1', '2'), deleted('a', '2')]), []);
  });

  it('keeps different objects and kinds apart, in order of first mention', () => {
    const other: Change = { kind: 'port', action: 'create', id: 'a', current: port('p') };
    assert.deepEqual(coalesce([created('b', '1'), other, created('a', '1'), updated('b', '1', '2')]), [
      created('b', '2'),
      other,
      created('a', '1'),
    ]);
  });

  it('ends in the same state as the changes one by one, for any history of an object', () => {
    const apply = (_state: string | undefined, change: Change): string | undefined =>
      change.action === 'delete' ? undefined : (change.current as Network).name;
    fc.assert(
      fc.property(fc.boolean(), fc.array(fc.boolean(), { maxLength: 8 }), (existed, steps) => {
        let state: string | undefined = existed ? 'start' : undefined;
        const changes: Change[] = [];
        for (const [index, remove] of steps.entries()) {
          const change: Change =
            state === undefined
              ? created('a', `v${index}`)
              : remove
                ? deleted('a', state)
                : updated('a', state, `v${index}`);
          changes.push(change);
          state = apply(state, change);
        }
        const together = coalesce(changes);
        const start: string | undefined = existed ? 'start' : undefined;
        const end = together.reduce(apply, start);
        assert.equal(end, state);
        assert.ok(together.length <= 2);
      }),
    );
  });
});

forEachDialect('changes', (databases) => {
  const driver = (name: string, heard: string[], more: Partial<MechanismDriver> = {}): MechanismDriver => ({
    name,
    precommit: (changes) => void heard.push(`${name} pre ${changes.map((one) => one.action).join()}`),
    postcommit: (changes) =>
      Promise.resolve(
        void heard.push(`${name} post ${changes.map((one) => `${one.action} ${one.kind}`).join()}`),
      ),
    [Symbol.asyncDispose]: () => Promise.resolve(),
    ...more,
  });

  it('reach drivers in order, port deletes in reverse order and first', async () => {
    const heard: string[] = [];
    const database = await databases.open();
    const stack = createMl2Stack(database, { mechanismDrivers: [driver('a', heard), driver('b', heard)] });
    await stack.run((step) => {
      step.changes.record(created('n', '1'));
      step.changes.record({ kind: 'port', action: 'delete', id: 'p', original: port('p') });
      return Promise.resolve();
    });
    assert.deepEqual(heard, [
      'a pre create,delete',
      'b pre create,delete',
      'b post delete port',
      'a post delete port',
      'a post create network',
      'b post create network',
    ]);
  });

  it('are vetoed by a precommit: nothing is stored and no driver hears of it afterwards', async () => {
    const heard: string[] = [];
    const database = await databases.open();
    const veto = driver('veto', heard, {
      precommit: () => {
        throw VlanIdInUse({ vlanId: 1, physicalNetwork: 'x' });
      },
    });
    const stack = createMl2Stack(database, { mechanismDrivers: [driver('a', heard), veto] });
    await assert.rejects(stack.createNetwork({}), /VLAN 1 on physical network x/);
    assert.deepEqual(heard, ['a pre create']);
    const rows = await database.read(({ query }) => query.selectFrom('networks').select('id').execute());
    const taken = await database.read(({ query }) =>
      query.selectFrom('segment_allocations').selectAll().execute(),
    );
    assert.deepEqual([rows, taken], [[], []]);
  });

  it('survive a driver that fails after the commit, and the next driver hears of them', async () => {
    const heard: string[] = [];
    const database = await databases.open();
    const broken = driver('broken', heard, { postcommit: () => Promise.reject(new Error('boom')) });
    const stack = createMl2Stack(database, { mechanismDrivers: [broken, driver('b', heard)] });
    await stack.createNetwork({});
    assert.deepEqual(heard, ['broken pre create', 'b pre create', 'b post create network']);
  });

  it('of several writes reach the drivers together', async () => {
    const heard: string[] = [];
    const database = await databases.open();
    const stack = createMl2Stack(database, { mechanismDrivers: [driver('a', heard)] });
    const context = userContext('p');
    const first = await stack.write(context, false, async (step) => step.changes.record(created('n', '1')));
    const second = await stack.write(context, false, async (step) =>
      step.changes.record(updated('n', '1', '2')),
    );
    const both = first.changes.followedBy(second.changes);
    assert.deepEqual(both.all, [created('n', '2')]);
    heard.length = 0;
    await both.postcommit();
    assert.deepEqual(heard, ['a post create network']);
  });

  it('refuse what is recorded too late', async () => {
    const database = await databases.open();
    const stack = createMl2Stack(database);
    const kept = await stack.run((step) => Promise.resolve(step.changes));
    assert.throws(() => kept.record(created('n', '1')), /after precommit/);
  });
});
