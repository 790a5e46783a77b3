import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { audit } from '../../packages/server/src/app/audit.ts';
import type { Check } from '../../packages/server/src/audit/check.ts';
import { checks } from '../../packages/server/src/audit/checks/index.ts';
import { loadConfig } from '../../packages/server/src/config/config.ts';
import { contentOf } from '../../packages/server/src/drivers/mech/ovn/testing/content.ts';
import { forEachDialect } from '../../packages/server/src/testing/databases.ts';
import { addChassis, connectAsController } from './chassis.ts';
import { ovenbirdCommand } from './command.ts';
import { requireSarif } from './sarif.ts';
import { type OvnStack, startOvnStack } from './stack.ts';

const ovnChecks = checks.filter(({ needs }) => needs === 'ovn');
type Controller = Awaited<ReturnType<typeof connectAsController>>;

/** Limits like those of a service that is open to others. */
const limited = { quotas: { default: 100, limits: {} } };

const examine = async (stack: OvnStack, some: readonly Check[], patience = 5_000) =>
  audit(loadConfig({ file: stack.configuration }), {
    checks: some,
    patience,
    configFile: undefined,
    environment: {},
  });

/** `check object` of every finding about OVN. */
const seen = async (stack: OvnStack): Promise<readonly string[]> => {
  const { findings, unexamined } = await examine(stack, ovnChecks);
  assert.deepEqual(unexamined, []);
  return findings.map(({ check, subject }) => `${check.id} ${subject.id}`).sort();
};

/** A port of a machine in a group of its own. */
const filled = async (stack: OvnStack) => {
  const network = await stack.make('networks', { network: { name: 'n' } });
  const port = await stack.make('ports', {
    port: { network_id: network.id, name: 'p', device_owner: 'compute:nova' },
  });
  return { network: network.id, port: port.id };
};

const bind = async (controller: Controller, port: string, chassis?: string) => {
  const { operations: ops } = controller;
  const [datapath, binding] = [randomUUID(), randomUUID()];
  const key = Math.ceil(Math.random() * 10_000_000);
  await controller.transact([
    ops.insert('Datapath_Binding', datapath, { tunnel_key: key }),
    ops.insert('Port_Binding', binding, {
      datapath,
      logical_port: port,
      tunnel_key: 1,
      type: '',
      ...(chassis === undefined ? {} : { chassis }),
    }),
  ]);
};

forEachDialect('ovenbird audit', (databases) => {
  it('finds each fault of OVN where it was planted, and nothing before, and touches nothing', async () => {
    await using stack = await startOvnStack(await databases.freshUrl());
    await using controller = await connectAsController(stack.servers);
    const { port } = await filled(stack);
    const home = await addChassis(controller, { name: 'one', hostname: 'host-1' });
    await stack.ask('PUT', `ports/${port}`, { port: { 'binding:host_id': 'host-1' } });
    await bind(controller, port, home);
    assert.deepEqual(await seen(stack), []);
    const { operations: ops } = stack.observer;
    const stray = randomUUID();
    await stack.observer.transact([
      ops.update('Logical_Switch_Port', [['_uuid', '==', port]], { port_security: new Set() }),
      ops.insert('DHCP_Options', stray, {
        cidr: '10.0.0.0/24',
        external_ids: new Map([['subnet_id', stray]]),
      }),
    ]);
    assert.deepEqual(await seen(stack), [`ovn-drift ${port}`, `ovn-stale ${stray}`]);
    const thief = await addChassis(controller, { name: 'two', hostname: 'host-2' });
    await controller.transact([
      controller.operations.update('Port_Binding', [['logical_port', '==', port]], { chassis: thief }),
    ]);
    await bind(controller, 'nobody');
    await addChassis(controller, { name: 'twin', hostname: 'host-1' });
    await stack.observer.transact([ops.update('NB_Global', [], { sb_cfg: 5 })]);
    await controller.transact([
      controller.operations.update('Chassis_Private', [['name', '!=', 'two']], { nb_cfg: 4 }),
    ]);
    const before = contentOf(await stack.see());
    assert.deepEqual(await seen(stack), [
      'chassis-stale host-1',
      'chassis-stale two',
      `ovn-drift ${port}`,
      `ovn-stale ${stray}`,
      `port-binding-unknown nobody`,
      `port-claimed-elsewhere ${port}`,
    ]);
    assert.deepEqual(contentOf(await stack.see()), before);
  });
});

describe('ovenbird audit tells', () => {
  let folder = '';
  let count = 0;
  const freshUrl = () => {
    count += 1;
    return `sqlite:${join(folder, `${count}.db`)}`;
  };
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ovenbird-audit-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it('what it found as table, JSON and SARIF, and by the exit code', async () => {
    await using stack = await startOvnStack(freshUrl(), {}, limited);
    await using command = await ovenbirdCommand(stack.configuration);
    const { network } = await filled(stack);
    const clean = await command.run('audit');
    assert.equal(clean.code, 0, clean.stdout);
    assert.equal(clean.stdout, `${checks.length} of ${checks.length} checks, 0 findings\n`);
    const open = { port_security_enabled: false, name: 'a <script>', network_id: network };
    const port = await stack.make('ports', { port: { ...open, security_groups: [] } });
    const table = await command.run('audit');
    assert.equal(table.code, 1);
    assert.match(
      table.stdout,
      /^SEVERITY +CLASS +CHECK +OBJECT +EVIDENCE\nmedium +CWE-693 +port-without-security /,
    );
    assert.match(table.stdout, /^ {2}→ openstack port set --enable-port-security/m);
    const some = ['text-hostile', 'port-without-security'];
    const json = await command.run('audit', '--only', ...some, '--json', '--severity', 'medium');
    const { checks: looked, findings } = JSON.parse(json.stdout);
    assert.deepEqual([json.code, new Set(looked)], [1, new Set(some)]);
    assert.deepEqual(
      findings.map((each: { check: string; weakness: string; object: { id: string } }) => [
        each.check,
        each.weakness,
        each.object.id,
      ]),
      [['port-without-security', 'CWE-693', port.id]],
    );
    const sarif = await command.run('audit', '--sarif', '--fail-on', 'high');
    assert.equal(sarif.code, 0);
    const results = requireSarif(JSON.parse(sarif.stdout));
    assert.deepEqual(
      new Set(results.map(({ ruleId }) => ruleId)),
      new Set(['port-without-security', 'text-hostile']),
    );
  });

  it('what it could not look at, and looks at the rest', async () => {
    await using stack = await startOvnStack(freshUrl(), {}, limited);
    await using command = await ovenbirdCommand(stack.configuration);
    const network = await stack.make('networks', { network: { port_security_enabled: false } });
    await stack.servers.southbound.kill();
    const { code, stdout } = await command.run('audit', '--json', '--timeout', '1');
    const report = JSON.parse(stdout);
    assert.equal(code, 2);
    assert.deepEqual(
      report.findings.map((each: { object: { id: string } }) => each.object.id),
      [network.id],
    );
    assert.deepEqual(
      report.unexamined.map(({ check }: { check: string }) => check),
      ovnChecks.map(({ id }) => id),
    );
    await using lost = await ovenbirdCommand({ database: { url: 'sqlite:/nowhere/nothing.db' } });
    const blind = await lost.run('audit', '--only', 'rbac-wildcard', '--sarif');
    assert.equal(blind.code, 2);
    const sarif = JSON.parse(blind.stdout);
    requireSarif(sarif);
    const [invocation] = sarif.runs[0].invocations;
    assert.equal(invocation.executionSuccessful, false);
    assert.match(invocation.toolExecutionNotifications[0].message.text, /^rbac-wildcard could not look: /);
  });
});
