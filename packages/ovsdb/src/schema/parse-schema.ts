import type {
  AtomicType,
  BaseType,
  ColumnSchema,
  ColumnType,
  DatabaseSchema,
  TableSchema,
} from './database-schema.ts';

/** A document that is not a database schema of RFC 7047 §3.2. The message names the place. */
export class SchemaSyntaxError extends Error {
  constructor(where: string, problem: string) {
    super(`${where}: ${problem}`);
    this.name = 'SchemaSyntaxError';
  }
}

type JsonObject = { readonly [member: string]: unknown };

const ATOMIC_TYPES: readonly string[] = [
  'integer',
  'real',
  'boolean',
  'string',
  'uuid',
] satisfies AtomicType[];
const ID = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

function isAtomicType(value: unknown): value is AtomicType {
  return typeof value === 'string' && ATOMIC_TYPES.includes(value);
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function object(value: unknown, where: string): JsonObject {
  if (!isObject(value)) throw new SchemaSyntaxError(where, 'an object is expected');
  return value;
}

function optionalInteger(value: unknown, where: string): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== 'number' || !Number.isInteger(value)) {
    throw new SchemaSyntaxError(where, 'an integer is expected');
  }
  return value;
}

function named<V>(
  value: unknown,
  where: string,
  parse: (item: unknown, where: string) => V,
): { readonly [name: string]: V } {
  const result: { [name: string]: V } = {};
  for (const [name, item] of Object.entries(object(value, where))) {
    if (!ID.test(name) || name === '__proto__') throw new SchemaSyntaxError(where, `bad name "${name}"`);
    result[name] = parse(item, `${where}.${name}`);
  }
  return result;
}

/** Enumerated values of a base type: one atom, or `["set", [atoms]]`. */
function parseEnum(value: unknown, where: string): readonly (string | number | boolean)[] {
  const atoms: unknown[] =
    Array.isArray(value) && value[0] === 'set' && Array.isArray(value[1]) ? value[1] : [value];
  return atoms.map((atom) => {
    if (typeof atom === 'string' || typeof atom === 'number' || typeof atom === 'boolean') return atom;
    throw new SchemaSyntaxError(where, 'enum holds something that is not an atom');
  });
}

function parseBaseType(value: unknown, where: string): BaseType {
  if (isAtomicType(value)) return { type: value };
  const source = object(value, where);
  const { type, refTable, refType } = source;
  if (!isAtomicType(type)) throw new SchemaSyntaxError(where, 'unknown atomic type');
  if (refTable !== undefined && typeof refTable !== 'string') {
    throw new SchemaSyntaxError(where, 'refTable must be a string');
  }
  if (refType !== undefined && refType !== 'strong' && refType !== 'weak') {
    throw new SchemaSyntaxError(where, 'refType must be "strong" or "weak"');
  }
  const minInteger = optionalInteger(source.minInteger, where);
  const maxInteger = optionalInteger(source.maxInteger, where);
  return {
    type,
    ...(source.enum === undefined ? {} : { enum: parseEnum(source.enum, where) }),
    ...(refTable === undefined ? {} : { refTable, refType: refType ?? 'strong' }),
    ...(minInteger === undefined ? {} : { minInteger }),
    ...(maxInteger === undefined ? {} : { maxInteger }),
  };
}

function parseColumnType(value: unknown, where: string): ColumnType {
  if (isAtomicType(value)) return { key: { type: value }, min: 1, max: 1 };
  const source = object(value, where);
  const min = source.min ?? 1;
  const max = source.max ?? 1;
  if (min !== 0 && min !== 1) throw new SchemaSyntaxError(where, 'min must be 0 or 1');
  if (max !== 'unlimited' && !(typeof max === 'number' && Number.isInteger(max) && max >= 1 && max >= min)) {
    throw new SchemaSyntaxError(where, 'max must be "unlimited" or an integer of at least 1');
  }
  return {
    key: parseBaseType(source.key, `${where}.key`),
    ...(source.value === undefined ? {} : { value: parseBaseType(source.value, `${where}.value`) }),
    min,
    max,
  };
}

function parseColumn(value: unknown, where: string): ColumnSchema {
  const source = object(value, where);
  return {
    type: parseColumnType(source.type, `${where}.type`),
    ephemeral: source.ephemeral === true,
    mutable: source.mutable !== false,
  };
}

function parseTable(value: unknown, where: string): TableSchema {
  const source = object(value, where);
  const indexes: unknown = source.indexes ?? [];
  if (!Array.isArray(indexes)) throw new SchemaSyntaxError(where, 'indexes must be an array');
  return {
    columns: named(source.columns, `${where}.columns`, parseColumn),
    isRoot: source.isRoot === true,
    maxRows: optionalInteger(source.maxRows, `${where}.maxRows`),
    indexes: indexes.map((index: unknown) => {
      if (!Array.isArray(index)) throw new SchemaSyntaxError(where, 'an index is an array of column names');
      return index.map(String);
    }),
  };
}

/**
 * Read a database schema.
 * In: the schema as parsed JSON, or its text (an `.ovsschema` file, a `get_schema` result). Out: the schema with the
 * short forms of types written out. Throws {@link SchemaSyntaxError}, or `SyntaxError` for text that is not JSON.
 * Source: RFC 7047 §3.2.
 */
export function parseSchema(document: unknown): DatabaseSchema {
  const value: unknown = typeof document === 'string' ? JSON.parse(document) : document;
  const source = object(value, 'schema');
  const { name, version } = source;
  if (typeof name !== 'string' || !ID.test(name)) throw new SchemaSyntaxError('schema', 'bad name');
  return {
    name,
    version: typeof version === 'string' ? version : '',
    tables: named(source.tables, 'tables', parseTable),
  };
}
