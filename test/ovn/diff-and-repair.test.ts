import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { it } from 'node:test';
import { isFence } from '../../packages/server/src/drivers/mech/ovn/fence.ts';
import { contentOf } from '../../packages/server/src/drivers/mech/ovn/testing/content.ts';
import { forEachDialect } from '../../packages/server/src/testing/databases.ts';
import { ovenbirdCommand } from './command.ts';
import { type OvnStack, startOvnStack } from './stack.ts';

const byName = (name: string) => [['name', '==', name]] as const;

/** A network with two ports in a group. */
async function filled(stack: OvnStack) {
  const network = await stack.make('networks', { network: { name: 'n' } });
  const group = await stack.make('security-groups', { security_group: { name: 'g' } });
  const port = () =>
    stack.make('ports', { port: { network_id: network.id, name: 'p', security_groups: [group.id] } });
  return { network: network.id, group: group.id, ports: [(await port()).id, (await port()).id] };
}

/** What strangers do: one value, one member, one row gone, one row too many, and rows that are theirs. */
async function broken(stack: OvnStack, made: Awaited<ReturnType<typeof filled>>) {
  const { transact, operations: ops } = stack.observer;
  const [first = '', second = ''] = made.ports;
  const stray = randomUUID();
  const own = randomUUID();
  const marks = new Map([['neutron:port_name', 'x']]);
  await transact.call(stack.observer, [
    ops.update('Logical_Switch_Port', [['_uuid', '==', first]], { addresses: new Set(['unknown']) }),
    ops.mutate('Port_Group', byName(`pg_${made.group.replaceAll('-', '_')}`), [
      ['ports', 'delete', new Set([first])],
    ]),
    ops.mutate('Logical_Switch', byName(`neutron-${made.network}`), [['ports', 'delete', new Set([second])]]),
    ops.insert('Logical_Switch_Port', stray, { name: stray, external_ids: marks }),
    ops.insert('Logical_Switch_Port', own, { name: 'theirs' }),
    ops.insert('Logical_Switch', randomUUID(), { name: 'theirs', ports: new Set([stray, own]) }),
  ]);
  return { first, second, stray, own };
}

interface Finding {
  readonly table: string;
  readonly row: string;
  readonly kind: string;
  readonly column: string | null;
  readonly have: unknown;
  readonly want: unknown;
  readonly owner: { readonly kind: string; readonly id: string };
  readonly age: number | null;
}

forEachDialect('ovenbird ovn', (databases) => {
  it('diff names every value, member and row that is out of place, and touches nothing', async () => {
    await using stack = await startOvnStack(await databases.freshUrl());
    await using command = await ovenbirdCommand(stack.configuration);
    const made = await filled(stack);
    assert.deepEqual(await command.run('ovn', 'diff'), {
      code: 0,
      stdout: 'OVN is what SQL says.\n',
      stderr: '',
    });
    const { first, second, stray } = await broken(stack, made);
    const before = contentOf(await stack.see());
    const { code, stdout } = await command.run('ovn', 'diff', '--json');
    assert.equal(code, 2);
    const found: Finding[] = JSON.parse(stdout);
    const seen = found.map((each) => `${each.kind} ${each.table} ${each.column} of ${each.owner.id}`);
    // A port without a switch is gone, and its memberships with it.
    for (const expected of [
      `column Logical_Switch_Port addresses of ${first}`,
      `not_member Port_Group ports of ${first}`,
      `missing Logical_Switch_Port null of ${second}`,
      `not_member Logical_Switch ports of ${second}`,
      `surplus Logical_Switch_Port null of ${stray}`,
      `surplus_member Logical_Switch ports of ${stray}`,
    ])
      assert.ok(seen.includes(expected), `${expected} is not in ${seen.join('\n')}`);
    const value = found.find((each) => each.column === 'addresses');
    assert.deepEqual(value?.have, ['unknown']);
    assert.match(String(value?.want), /^fa:16:3e/);
    assert.ok(value?.age !== null && value !== undefined && value.age >= 0 && value.age < 60);
    assert.equal(found.find((each) => each.owner.id === stray)?.age, null);
    assert.match((await command.run('ovn', 'diff')).stdout, /^ROW +COLUMN +HAVE +WANT +OWNER +AGE\n/);
    assert.deepEqual(contentOf(await stack.see()), before);
  });

  it('repair applies the difference and leaves rows of others alone; --dry-run and --only do less', async () => {
    await using stack = await startOvnStack(await databases.freshUrl());
    await using command = await ovenbirdCommand(stack.configuration);
    const made = await filled(stack);
    const whole = await stack.fresh();
    const { own, first } = await broken(stack, made);
    await stack.observer.transact([
      stack.observer.operations.mutate('Logical_Switch', byName(`neutron-${made.network}`), [
        ['external_ids', 'delete', new Set(['neutron:mtu'])],
      ]),
    ]);
    const before = contentOf(await stack.see());
    assert.match((await command.run('ovn', 'repair', '--dry-run')).stdout, new RegExp(first));
    assert.deepEqual(contentOf(await stack.see()), before);
    assert.match((await command.run('ovn', 'repair', '--only', 'network')).stdout, /repaired: 1 of 1/);
    assert.deepEqual(
      (await stack.drift()).filter(({ key }) => key.kind === 'network'),
      [],
    );
    assert.notDeepEqual(await stack.drift(), []);
    assert.equal((await command.run('ovn', 'repair')).code, 0);
    assert.deepEqual(await stack.drift(), []);
    const theirs = (await stack.see()).Logical_Switch.find('name', 'theirs')[0];
    assert.deepEqual([...(theirs?.ports ?? [])], [own]);
    const { operations } = stack.observer;
    await stack.observer.transact([operations.delete('Logical_Switch', byName('theirs'))]);
    assert.deepEqual(contentOf(await stack.see()), whole);
    // A service that is alone again need not look out for others, and goes on.
    const fences = [...(await stack.see()).Address_Set.rows()].filter(isFence);
    assert.equal(fences.length, stack.app.database.traits.concurrentWriters ? 1 : 0);
    await stack.make('ports', { port: { network_id: made.network } });
    assert.deepEqual(await stack.drift(), []);
  });

  it('says so and changes nothing when the databases are away; journal tells what waits', async () => {
    await using stack = await startOvnStack(await databases.freshUrl());
    await using command = await ovenbirdCommand(stack.configuration);
    const made = await filled(stack);
    await stack.servers.northbound.kill();
    await stack.ask('PUT', `ports/${made.ports[0]}`, { port: { name: 'later' } });
    for (const verb of ['diff', 'repair']) {
      const { code, stderr } = await command.run('ovn', verb, '--timeout', '1');
      assert.equal(code, 1);
      assert.match(stderr, /the Northbound replica is not complete/);
    }
    const waiting = JSON.parse((await command.run('ovn', 'journal', '--json')).stdout);
    const mine = waiting.find((each: { id: string }) => each.id === made.ports[0]);
    assert.deepEqual(
      { ...mine, age: typeof mine.age },
      {
        kind: 'port',
        id: made.ports[0],
        age: 'number',
        changes: 1,
        attempts: 0,
        lastError: null,
      },
    );
    assert.match((await command.run('ovn', 'journal')).stdout, /^OBJECT +AGE +CHANGES +ATTEMPTS/);
    assert.equal((await command.run('ovn', 'repair', '--only', 'nothing')).code, 1);
  });
});
