import type { ColumnValue, Operation, OperationResult } from '../contract.ts';
import type { ColumnType, DatabaseSchema, TableSchema } from '../schema/database-schema.ts';
import { parseError } from '../wire/errors.ts';
import { decodeValue } from '../wire/notation.ts';

type JsonObject = { readonly [member: string]: unknown };

const UUID_TYPE: ColumnType = { key: { type: 'uuid' }, min: 1, max: 1 };

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function decodeRow(wire: unknown, table: TableSchema): { readonly [column: string]: ColumnValue } {
  if (!isObject(wire)) throw new TypeError('a selected row must be an object');
  const row: { [column: string]: ColumnValue } = {};
  for (const [column, value] of Object.entries(wire)) {
    if (column === '_uuid' || column === '_version') {
      row[column] = decodeValue(value, UUID_TYPE);
      continue;
    }
    const schema = table.columns[column];
    // A newer server has columns that the caller's types do not know.
    if (schema !== undefined) row[column] = decodeValue(value, schema.type);
  }
  return row;
}

const NOTHING: OperationResult = {};

function decodeResult(wire: unknown, operation: Operation, schema: DatabaseSchema): OperationResult {
  if (!isObject(wire)) return NOTHING;
  const { count, uuid, rows } = wire;
  if (typeof count === 'number') return { count };
  if (Array.isArray(uuid) && typeof uuid[1] === 'string') return { uuid: uuid[1] };
  const table = typeof operation.table === 'string' ? schema.tables[operation.table] : undefined;
  if (!Array.isArray(rows) || table === undefined) return NOTHING;
  return { rows: rows.map((row) => decodeRow(row, table)) };
}

/**
 * In: the result of `transact` (RFC 7047 §4.1.3), the operations that were sent, the schema that they were made with.
 * Out: one result per operation. Throws the error class of the first operation that failed, or of the commit.
 */
export function decodeResults(
  result: unknown,
  operations: readonly Operation[],
  schema: DatabaseSchema,
): readonly OperationResult[] {
  if (!Array.isArray(result)) throw new TypeError('the result of transact must be an array');
  const wire: readonly unknown[] = result;
  for (const [at, item] of wire.entries()) {
    if (isObject(item) && Object.hasOwn(item, 'error')) throw parseError(item, at);
  }
  return operations.map((operation, at) => decodeResult(wire[at], operation, schema));
}
