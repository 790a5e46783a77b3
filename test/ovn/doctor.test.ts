import assert from 'node:assert/strict';
import { it } from 'node:test';
import { forEachDialect } from '../../packages/server/src/testing/databases.ts';
import { addChassis, connectAsController } from './chassis.ts';
import { ovenbirdCommand } from './command.ts';
import { startNorthd } from './northd.ts';
import { startOvnStack } from './stack.ts';

interface Finding {
  readonly check: string;
  readonly status: string;
  readonly detail: string;
  readonly advice?: string;
}

const byCheck = (stdout: string): ReadonlyMap<string, Finding> => {
  const findings: Finding[] = JSON.parse(stdout);
  return new Map(findings.map((finding) => [finding.check, finding]));
};

forEachDialect('ovenbird doctor', (databases) => {
  it('finds what is well and what is not, and says what to do', async () => {
    await using stack = await startOvnStack(await databases.freshUrl());
    await using command = await ovenbirdCommand(stack.configuration);
    const network = await stack.make('networks', { network: {} });
    const lame = await command.run('doctor', '--json', '--timeout', '1');
    assert.equal(lame.code, 2);
    assert.equal(byCheck(lame.stdout).get('northd')?.status, 'failed');
    assert.match(byCheck(lame.stdout).get('northd')?.advice ?? '', /ovn-northd/);
    await using _northd = await startNorthd(stack.servers);
    await using controller = await connectAsController(stack.servers);
    await addChassis(controller, { name: 'stuck', hostname: 'host-1' });
    const { operations: ops } = stack.observer;
    await stack.observer.transact([
      ops.update('Logical_Switch', [['_uuid', '==', network.id]], { name: 'broken' }),
    ]);
    const { code, stdout } = await command.run('doctor', '--json', '--timeout', '2');
    const found = byCheck(stdout);
    assert.equal(code, 2);
    for (const check of ['sql', 'journal', 'northbound', 'southbound', 'northd', 'node'])
      assert.equal(found.get(check)?.status, 'ok', JSON.stringify(found.get(check)));
    assert.match(found.get('chassis')?.detail ?? '', /1 of 1 chassis do not follow: host-1/);
    assert.match(found.get('bridges')?.detail ?? '', /physical network physnet1/);
    assert.match(found.get('content')?.detail ?? '', /1 rows of OVN are out of place/);
    assert.match(found.get('identity')?.advice ?? '', /keystone/);
    await controller.transact([
      controller.operations.update('Chassis_Private', [['name', '==', 'stuck']], { nb_cfg: 1_000 }),
      controller.operations.update('Chassis', [['name', '==', 'stuck']], {
        other_config: new Map([['ovn-bridge-mappings', 'physnet1:br-ex']]),
      }),
    ]);
    const well = await command.run('doctor');
    assert.equal(well.code, 0, well.stdout);
    assert.match(well.stdout, /^ok {7}chassis: 1 chassis, all caught up$/m);
    assert.doesNotMatch(well.stdout, /bridges/);
  });

  it('says which database is away', async () => {
    await using stack = await startOvnStack(await databases.freshUrl());
    await stack.servers.southbound.kill();
    await using command = await ovenbirdCommand(stack.configuration);
    const { code, stdout } = await command.run('doctor', '--timeout', '1');
    assert.equal(code, 2);
    assert.match(stdout, /^FAILED {3}southbound: /m);
    assert.match(stdout, /^ok {7}northbound: /m);
    await using lost = await ovenbirdCommand({
      ...stack.configuration,
      database: { url: 'postgres://nobody@127.0.0.1:1/nothing' },
    });
    const blind = await lost.run('doctor', '--timeout', '1');
    assert.match(blind.stdout, /^FAILED {3}sql: .*ECONNREFUSED/m);
  });
});
