import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { northboundSchema } from '@ovenbird/ovn-db';
import type { DatabaseSchema } from '@ovenbird/ovsdb';
import { requireSchema, SchemaTooOld } from './capabilities.ts';

/** The schema of a server that knows everything but one column of a table, or the table. */
const without = (table: string, column?: string): DatabaseSchema => {
  const schema = northboundSchema();
  const { [table]: found, ...tables } = schema.tables;
  assert.ok(found !== undefined, `${table} is a table of the Northbound database`);
  if (column === undefined) return { ...schema, tables };
  const { [column]: dropped, ...columns } = found.columns;
  assert.ok(dropped !== undefined, `${column} is a column of ${table}`);
  return { ...schema, tables: { ...tables, [table]: { ...found, columns } } };
};

describe('the schema of a Northbound server', () => {
  it('is enough when nothing is missing, or only what OVN can do without', () => {
    requireSchema(northboundSchema());
    for (const [table, column] of [
      ['NAT', 'gateway_port'],
      ['ACL', 'label'],
      ['Meter', 'fair'],
      ['NB_Global', 'sb_cfg'],
    ] as const)
      requireSchema(without(table, column));
  });

  it('is refused with the names of what is missing', () => {
    assert.throws(() => requireSchema(without('Logical_Switch_Port', 'up')), {
      name: SchemaTooOld.name,
      message: /lacks Logical_Switch_Port\.up;/,
    });
    assert.throws(() => requireSchema(without('HA_Chassis')), /lacks HA_Chassis;/);
  });
});
