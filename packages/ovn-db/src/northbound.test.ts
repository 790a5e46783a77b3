import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { createOvsdbClient } from '@ovenbird/ovsdb';
import { startOvsdbServer } from '@ovenbird/ovsdb/testing';
import { type NorthboundTables, northbound, northboundSchema, schemaFile } from './index.ts';

test('northbound rows are written, found by a map key, and changed through the generated types', async () => {
  await using server = await startOvsdbServer({ schemaFile: schemaFile(northbound) });
  await using client = createOvsdbClient<NorthboundTables>({
    database: 'OVN_Northbound',
    schema: northboundSchema(),
    endpoints: [server.endpoint],
    monitor: {
      Logical_Switch: ['name', 'ports', 'external_ids'],
      Logical_Switch_Port: 'all',
      ACL: 'all',
      Port_Group: 'all',
    },
    indexes: {
      Logical_Switch: { name: (row) => row.name },
      Logical_Switch_Port: { device: (row) => row.external_ids.get('neutron:device_id') },
    },
  });
  await client.ready();
  const { operations: op, replica } = client;
  const [network, port, group, acl] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
  await client.transact([
    op.insert('Logical_Switch', network, { name: `neutron-${network}` }),
    op.insert('Logical_Switch_Port', port, {
      name: port,
      enabled: true,
      tag_request: 7,
      addresses: new Set(['fa:16:3e:00:00:01 10.0.0.2']),
      external_ids: new Map([['neutron:device_id', 'vm']]),
    }),
    op.mutate('Logical_Switch', [['_uuid', '==', network]], [['ports', 'insert', new Set([port])]]),
    op.insert('ACL', acl, {
      direction: 'to-lport',
      action: 'drop',
      priority: 1000,
      match: 'ip',
      severity: 'info',
    }),
    op.insert('Port_Group', group, { name: 'pg', ports: new Set([port]), acls: new Set([acl]) }),
  ]);
  const [found] = replica.Logical_Switch_Port.find('device', 'vm');
  assert.deepEqual(
    [found?._uuid, found?.tag_request, found?.tag, found?.up],
    [port, 7, undefined, undefined],
  );
  assert.deepEqual(replica.Logical_Switch.find('name', `neutron-${network}`)[0]?.ports, new Set([port]));
  assert.equal(replica.ACL.get(acl)?.action, 'drop');
  await client.transact([
    op.update('Logical_Switch_Port', [['_uuid', '==', port]], { tag_request: undefined, type: 'localport' }),
    op.mutate(
      'Logical_Switch_Port',
      [['_uuid', '==', port]],
      [
        ['external_ids', 'delete', new Set(['neutron:device_id'])],
        ['external_ids', 'insert', new Map([['neutron:device_id', 'other']])],
      ],
    ),
  ]);
  assert.deepEqual([found?.tag_request, found?.type], [undefined, 'localport']);
  assert.deepEqual(replica.Logical_Switch_Port.find('device', 'other'), [found]);
  await client.transact([op.delete('Logical_Switch', [['name', '==', `neutron-${network}`]])]);
  // The port goes with the switch that held it; the group keeps no reference to it.
  assert.deepEqual([replica.Logical_Switch_Port.size, replica.Port_Group.get(group)?.ports.size], [0, 0]);
});
