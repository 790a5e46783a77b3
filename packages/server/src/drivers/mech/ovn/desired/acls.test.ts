import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { aclUuid, dropGroupUuid, portGroupUuid } from '../ids.ts';
import { defaultOvnSettings } from '../settings.ts';
import type { LogState } from '../state.ts';
import { ruleState } from '../testing/states.ts';
import { aclLog, logFor, logMeter } from './acl-log.ts';
import { desiredDropGroup, isDropGroupAcl } from './drop-group.ts';
import { desiredSecurityGroup, isLogDrop } from './security-group.ts';

const log = (id: string, event: LogState['event'], allProjects = false): LogState => ({
  id,
  event,
  allProjects,
});

/** What an ACL has that no log is about. */
const silent = {
  log: false,
  name: undefined,
  severity: undefined,
  meter: undefined,
  label: 0,
  options: new Map(),
};

/** What an ACL has that the log `id` is about. */
const logged = (id: string, uuid: string, meter = 'acl_log_meter') => ({
  log: true,
  name: `neutron-${id}`,
  severity: 'info',
  meter,
  label: Number.parseInt(uuid.slice(0, 8), 16),
  options: new Map([['log-related', 'true']]),
});

const ours = 'neutron_pg_drop';
const dhcpMatch =
  `inport == @${ours} && ((ip4 && udp.src == 68 && udp.dst == 67) || ` +
  '(ip6.dst == ff02::1:2 && udp.src == 546 && udp.dst == 547))';

const serverMatch =
  `inport == @${ours} && ((ip4 && udp.src == 67 && udp.dst == 68) || ` +
  '(ip6 && udp.src == 547 && udp.dst == 546))';

describe('the group of all filtered ports', () => {
  const acl = (
    direction: string,
    priority: number,
    match: string,
    action: string,
    logging: object = silent,
  ) => ({
    table: 'ACL',
    uuid: aclUuid(ours, direction, match),
    columns: { direction, priority, match, action, ...logging, external_ids: new Map() },
  });
  const group = {
    table: 'Port_Group',
    uuid: dropGroupUuid,
    columns: { name: ours, external_ids: new Map() },
  };
  const [into, outOf] = [`outport == @${ours} && ip`, `inport == @${ours} && ip`];

  const guard = acl('from-lport', 1003, serverMatch, 'drop');

  it('drops both ways and what only DHCP servers send, and lets requests for addresses out', () => {
    const { rows, members } = desiredDropGroup([], defaultOvnSettings);
    assert.deepEqual(rows, [
      group,
      acl('to-lport', 1000, into, 'drop'),
      acl('from-lport', 1000, outOf, 'drop'),
      guard,
      acl('from-lport', 1002, dhcpMatch, 'allow'),
    ]);
    assert.deepEqual(
      members,
      rows.slice(1).map(({ uuid }) => ({ column: 'Port_Group.acls', parent: dropGroupUuid, element: uuid })),
    );
  });

  it('lets nothing out when it is to be so, and logs what it drops', () => {
    const settings = { ...defaultOvnSettings, dhcpAlwaysReachable: false, dhcpGuard: false };
    const { rows } = desiredDropGroup([log('a', 'ACCEPT'), log('d', 'DROP')], settings);
    assert.deepEqual(rows, [
      group,
      acl('to-lport', 1000, into, 'drop', logged('d', aclUuid(ours, 'to-lport', into))),
      acl('from-lport', 1000, outOf, 'drop', logged('d', aclUuid(ours, 'from-lport', outOf))),
    ]);
    const all = desiredDropGroup([log('a', 'ALL')], defaultOvnSettings).rows.map(({ columns }) => columns);
    assert.deepEqual(
      all.slice(1).map((columns) => 'log' in columns && columns.log),
      [true, true, true, false],
    );
  });

  it('knows its own', () => {
    const direction = 'to-lport';
    assert.equal(isDropGroupAcl({ direction, match: into, action: 'drop' }), true);
    assert.equal(isDropGroupAcl({ direction: 'from-lport', match: outOf, action: 'drop' }), true);
    assert.equal(isDropGroupAcl({ direction: 'from-lport', match: dhcpMatch, action: 'allow' }), true);
    assert.equal(isDropGroupAcl({ direction: 'from-lport', match: serverMatch, action: 'drop' }), true);
    assert.equal(isDropGroupAcl({ direction, match: outOf, action: 'drop' }), false);
    assert.equal(isDropGroupAcl({ direction, match: into, action: 'allow' }), false);
    assert.equal(isDropGroupAcl({ direction, match: 'ip', action: 'drop' }), false);
  });
});

describe('a security group', () => {
  const rules = [
    ruleState({ id: 'in', protocol: 'tcp' }),
    ruleState({ id: 'out', direction: 'egress', ipVersion: 6 }),
  ];
  const matches = ['outport == @pg_a && ip4 && tcp', 'inport == @pg_a && ip6'] as const;
  const uuids = [aclUuid('a', 'to-lport', matches[0]), aclUuid('a', 'from-lport', matches[1])] as const;
  const parent = portGroupUuid('a');
  const of = (logs: readonly LogState[], stateful = true) =>
    desiredSecurityGroup({ id: 'a', stateful, rules, logs }, defaultOvnSettings);
  const rule = (index: 0 | 1, logging: object, action = 'allow-related') => ({
    table: 'ACL',
    uuid: uuids[index],
    columns: {
      direction: index === 0 ? 'to-lport' : 'from-lport',
      priority: 1002,
      match: matches[index],
      action,
      ...logging,
      external_ids: new Map([['neutron:security_group_rule_id', index === 0 ? 'in' : 'out']]),
    },
  });
  const group = {
    table: 'Port_Group',
    uuid: parent,
    columns: { name: 'pg_a', external_ids: new Map([['neutron:security_group_id', 'a']]) },
  };
  const member = (element: string | undefined) => ({ column: 'Port_Group.acls', parent, element });

  it('is a port group with an ACL a rule', () => {
    assert.deepEqual(of([]), {
      rows: [group, rule(0, silent), rule(1, silent)],
      members: uuids.map(member),
    });
  });

  it('drops what it does not allow one below its rules, for a log of its own', () => {
    const [into, outOf] = ['outport == @pg_a && ip', 'inport == @pg_a && ip'];
    const drops = (['to-lport', 'from-lport'] as const).map((direction) => {
      const match = direction === 'to-lport' ? into : outOf;
      const uuid = aclUuid('a', direction, match);
      const columns = { direction, priority: 1001, match, action: 'drop', ...logged('own', uuid) };
      return { table: 'ACL', uuid, columns: { ...columns, external_ids: new Map() } };
    });
    const { rows, members } = of([log('own', 'DROP')]);
    assert.deepEqual(rows, [group, rule(0, silent), rule(1, silent), ...drops]);
    assert.deepEqual(
      members,
      rows.slice(1).map(({ uuid }) => member(uuid)),
    );
    assert.deepEqual(of([log('every', 'DROP', true), log('own', 'ALL')]).rows.slice(3), drops);
    assert.equal(of([log('every', 'DROP', true)]).rows.length, 3);
    for (const { direction, match } of drops.map(({ columns }) => columns)) {
      assert.equal(isLogDrop('a', { direction, match, action: 'drop' }), true);
      assert.equal(isLogDrop('b', { direction, match, action: 'drop' }), false);
      assert.equal(isLogDrop('a', { direction, match, action: 'allow' }), false);
      assert.equal(isLogDrop('a', { direction: 'both', match, action: 'drop' }), false);
    }
  });

  it('logs what it accepts, stateless ones through a meter of their own', () => {
    const accept = [log('d', 'DROP', true), log('first', 'ACCEPT'), log('second', 'ALL')];
    assert.deepEqual(of(accept.slice(0, 2)).rows, [
      group,
      rule(0, logged('first', uuids[0])),
      rule(1, logged('first', uuids[1])),
    ]);
    const meter = 'acl_log_meter_stateless';
    assert.deepEqual(of([log('x', 'ACCEPT')], false).rows.slice(1), [
      rule(0, logged('x', uuids[0], meter), 'allow-stateless'),
      rule(1, logged('x', uuids[1], meter), 'allow-stateless'),
    ]);
  });
});

describe('logs of ACLs', () => {
  it('are of the oldest that is about such packets', () => {
    const [accept, drop, all] = [log('a', 'ACCEPT'), log('d', 'DROP'), log('b', 'ALL')];
    assert.equal(logFor([accept, drop, all], 'DROP'), drop);
    assert.equal(logFor([all, drop], 'DROP'), all);
    assert.equal(logFor([drop, accept], 'ACCEPT'), accept);
    assert.equal(logFor([drop], 'ACCEPT'), undefined);
  });

  it('have a meter that is named in the settings', () => {
    const named = { ...defaultOvnSettings, localOutputLogBase: 'mine' };
    assert.deepEqual([logMeter(named, true), logMeter(named, false)], ['mine', 'mine_stateless']);
    assert.equal(logMeter(defaultOvnSettings, true), 'acl_log_meter');
  });

  it('have a label that is not 0', () => {
    assert.equal(aclLog('0000002a-ffff', log('a', 'ALL'), 'm').label, 42);
    assert.equal(aclLog('00000000-ffff', log('a', 'ALL'), 'm').label, 1);
    assert.equal(aclLog('ffffffff-0000', log('a', 'ALL'), 'm').label, 0xffff_ffff);
  });
});
