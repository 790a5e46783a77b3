import assert from 'node:assert/strict';
import { it } from 'node:test';
import { contentOf } from '../../packages/server/src/drivers/mech/ovn/testing/content.ts';
import { forEachDialect } from '../../packages/server/src/testing/databases.ts';
import { type OvnStack, startOvnStack } from './stack.ts';

const world = async (stack: OvnStack) => {
  const group = async (name: string, given: object = {}): Promise<string> =>
    (await stack.make('security-groups', { security_group: { name, ...given } })).id;
  const log = async (given: object): Promise<string> =>
    (await stack.make('log/logs', { log: { resource_type: 'security_group', ...given } })).id;
  /** Of logs made in one second, the one with the lesser id counts as older. */
  const older = async (...ids: readonly string[]): Promise<string> => {
    const { body } = await stack.ask('GET', 'log/logs?sort_key=id&sort_dir=asc');
    const found: readonly { readonly id: string; readonly created_at: string }[] = body.logs;
    const [first] = found
      .filter(({ id }) => ids.includes(id))
      .toSorted((a, b) => (a.created_at < b.created_at ? -1 : Number(a.created_at > b.created_at)));
    return first?.id ?? '';
  };
  /** What is logged: `PRIORITY DIRECTION LOG`, for the ACLs of a group (or of all filtered ports) that have a log. */
  const logged = async (groupId: string | undefined) => {
    const nb = await stack.see();
    const name = groupId === undefined ? 'neutron_pg_drop' : `pg_${groupId.replaceAll('-', '_')}`;
    const [found] = nb.Port_Group.find('name', name);
    return [...(found?.acls ?? [])]
      .flatMap((uuid) => nb.ACL.get(uuid) ?? [])
      .filter((acl) => acl.log)
      .map((acl) => `${acl.priority} ${acl.direction} ${acl.name?.slice('neutron-'.length)} ${acl.meter}`)
      .toSorted();
  };
  const meters = async () => [...(await stack.see()).Meter.rows()].map((row) => row.name).toSorted();
  const same = async () => {
    assert.deepEqual(await stack.drift(), []);
    assert.deepEqual(contentOf(await stack.see()), await stack.fresh());
  };
  return { group, log, older, logged, meters, same };
};

const METERS = ['acl_log_meter', 'acl_log_meter_stateless'];
/** What a group with the rules of a new one logs: two allow what goes out; what is dropped is dropped there. */
const accepts = (id: string, meter = 'acl_log_meter') =>
  Array.from({ length: 2 }, () => `1002 from-lport ${id} ${meter}`);
const drops = (id: string, priority = 1001) =>
  ['from-lport', 'to-lport'].map((direction) => `${priority} ${direction} ${id} acl_log_meter`);
/** What the group of all filtered ports logs: what no rule allows, and what comes from where no DHCP server may be. */
const generalDrops = (id: string) => [...drops(id, 1000), `1003 from-lport ${id} acl_log_meter`];

forEachDialect('logs in the Northbound database', (databases) => {
  it('of a group are its ACLs, while they are enabled; the oldest has them', async () => {
    await using stack = await startOvnStack(await databases.freshUrl());
    const { group, log, older, logged, meters, same } = await world(stack);
    const [one, two] = [await group('one'), await group('two', { stateful: false })];
    assert.deepEqual([await meters(), await logged(one)], [[], []]);
    const all = await log({ resource_id: one });
    assert.deepEqual(await meters(), METERS);
    assert.deepEqual(await logged(one), [...drops(all), ...accepts(all)]);
    assert.deepEqual([await logged(two), await logged(undefined)], [[], []]);
    const late = await log({ resource_id: one, event: 'DROP' });
    assert.deepEqual(await logged(one), [...drops(await older(all, late)), ...accepts(all)]);
    await same();
    await stack.ask('PUT', `log/logs/${all}`, { log: { enabled: false } });
    assert.deepEqual(await logged(one), drops(late));
    const stateless = await log({ resource_id: two, event: 'ACCEPT' });
    assert.deepEqual(await logged(two), accepts(stateless, 'acl_log_meter_stateless'));
    await same();
    for (const id of [all, late, stateless])
      assert.equal((await stack.ask('DELETE', `log/logs/${id}`)).status, 204);
    assert.deepEqual([await logged(one), await logged(two), await meters()], [[], [], []]);
    await same();
  });

  it('of a port are the ACLs of its groups, which it may leave', async () => {
    await using stack = await startOvnStack(await databases.freshUrl());
    const { group, log, logged, same } = await world(stack);
    const [one, two] = [await group('one'), await group('two')];
    const { id: network_id } = await stack.make('networks', { network: {} });
    const { id: portId } = await stack.make('ports', { port: { network_id, security_groups: [one] } });
    const id = await log({ target_id: portId, event: 'ACCEPT' });
    assert.deepEqual([await logged(one), await logged(two)], [accepts(id), []]);
    await stack.ask('PUT', `ports/${portId}`, { port: { security_groups: [two] } });
    assert.deepEqual([await logged(one), await logged(two)], [[], accepts(id)]);
    await same();
    assert.equal((await stack.ask('DELETE', `ports/${portId}`)).status, 204);
    assert.deepEqual([await logged(one), await logged(two)], [[], []]);
    await same();
  });

  it('of an administrator who names nothing are those of every group, and of what no rule allows', async () => {
    await using stack = await startOvnStack(await databases.freshUrl());
    const { group, log, older, logged, same } = await world(stack);
    const one = await group('one');
    const dropped = await log({ event: 'DROP' });
    assert.deepEqual([await logged(undefined), await logged(one)], [generalDrops(dropped), []]);
    const all = await log({});
    const first = await older(dropped, all);
    assert.deepEqual([await logged(undefined), await logged(one)], [generalDrops(first), accepts(all)]);
    assert.deepEqual(await logged(await group('later')), accepts(all));
    await stack.ask('DELETE', `log/logs/${dropped}`);
    assert.deepEqual(await logged(undefined), generalDrops(all));
    await same();
    await stack.ask('DELETE', `log/logs/${all}`);
    assert.deepEqual([await logged(undefined), await logged(one)], [[], []]);
    await same();
  });

  it('are repaired when somebody else edits rows', async () => {
    await using stack = await startOvnStack(await databases.freshUrl());
    const { group, log } = await world(stack);
    await log({ resource_id: await group('one') });
    const before = await stack.fresh();
    const { operations: ops } = stack.observer;
    const nb = await stack.see();
    const [acl] = [...nb.ACL.rows()].filter((row) => row.log);
    const [meter] = nb.Meter.find('name', 'acl_log_meter');
    const [band] = meter?.bands ?? [];
    assert.ok(acl !== undefined && meter !== undefined && band !== undefined);
    await stack.observer.transact([
      ops.update('ACL', [['_uuid', '==', acl._uuid]], { log: false, label: 7 }),
      ops.update('Meter', [['_uuid', '==', meter._uuid]], { unit: 'kbps' }),
      ops.update('Meter_Band', [['_uuid', '==', band]], { rate: 1 }),
    ]);
    assert.notDeepEqual(await stack.drift(), []);
    await stack.app.ovn?.resync();
    assert.deepEqual(await stack.drift(), []);
    assert.deepEqual(contentOf(await stack.see()), before);
  });
});
