import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { createOvsdbClient } from '@ovenbird/ovsdb';
import { startOvsdbServer } from '@ovenbird/ovsdb/testing';
import { databases, schemaFile } from './databases.ts';
import { generatedText } from './generated-text.ts';
import { missing, northboundSchema, openVSwitchSchema, southboundSchema } from './index.ts';
import { loadSchema } from './schemas.ts';

for (const source of databases) {
  test(`${source.file}: the generated types are those of the schema`, () => {
    const file = new URL(`./${source.file}.generated.ts`, import.meta.url);
    assert.equal(readFileSync(file, 'utf8'), generatedText(source), 'run npm run generate');
  });
}

test('schemas carry their names', () => {
  assert.equal(northboundSchema().name, 'OVN_Northbound');
  assert.equal(southboundSchema().name, 'OVN_Southbound');
  assert.equal(openVSwitchSchema().name, 'Open_vSwitch');
});

test('missing names what an older server lacks', () => {
  const schema = northboundSchema();
  const { Meter: _meter, ...tables } = schema.tables;
  const port = schema.tables.Logical_Switch_Port;
  assert.ok(port !== undefined);
  const { ha_chassis_group: _group, ...columns } = port.columns;
  const older = { ...schema, tables: { ...tables, Logical_Switch_Port: { ...port, columns } } };
  assert.deepEqual(missing(older, schema), {
    tables: ['Meter'],
    columns: ['Logical_Switch_Port.ha_chassis_group'],
  });
  assert.deepEqual(missing(schema, older), { tables: [], columns: [] });
});

for (const source of databases) {
  test(`${source.file}: a server of this schema lacks nothing, and takes rows`, async () => {
    await using server = await startOvsdbServer({ schemaFile: schemaFile(source) });
    const schema = loadSchema(source);
    await using client = createOvsdbClient({
      database: schema.name,
      schema,
      endpoints: [server.endpoint],
      monitor: Object.fromEntries(Object.keys(schema.tables).map((table) => [table, 'all'])),
    });
    await client.ready();
    assert.ok(client.serverSchema !== undefined);
    assert.deepEqual(missing(client.serverSchema, schema), { tables: [], columns: [] });
  });
}
