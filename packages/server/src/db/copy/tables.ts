import { sql } from 'kysely';
import type { Reader } from '../database.ts';

/** A table as the copy works with it. */
export interface TableShape {
  readonly name: string;
  readonly columns: readonly string[];
  /** Columns of the primary key in order. */
  readonly key: readonly string[];
  /** Tables that its rows refer to. */
  readonly refersTo: readonly string[];
}

/** What belongs to the schema and not to its content. */
const HISTORY = 'schema_history';

const shapeOf = async (reader: Reader, name: string): Promise<TableShape> => {
  const columns = await sql<{ name: string; pk: number }>`
    select name, pk from pragma_table_info(${name})`.execute(reader.query);
  const references = await sql<{ table: string }>`
    select distinct "table" from pragma_foreign_key_list(${name})`.execute(reader.query);
  const key = columns.rows.filter(({ pk }) => pk > 0).toSorted((a, b) => a.pk - b.pk);
  return {
    name,
    columns: columns.rows.map((column) => column.name),
    key: key.map((column) => column.name),
    refersTo: references.rows.map(({ table }) => table).filter((table) => table !== name),
  };
};

const inOrder = (shapes: readonly TableShape[]): readonly TableShape[] => {
  const ordered: TableShape[] = [];
  const visit = (shape: TableShape, above: readonly string[]): void => {
    if (ordered.includes(shape)) return;
    if (above.includes(shape.name)) throw new Error(`tables refer to each other: ${above.join(', ')}`);
    for (const other of shapes) if (shape.refersTo.includes(other.name)) visit(other, [...above, shape.name]);
    ordered.push(shape);
  };
  for (const shape of shapes) visit(shape, []);
  return ordered;
};

/** All tables of a SQLite database, those that others refer to first. */
export const tablesOf = async (reader: Reader): Promise<readonly TableShape[]> => {
  const names = await sql<{ name: string }>`
    select name from sqlite_master where type = 'table' and name not like 'sqlite\\_%' escape '\\' order by name
  `.execute(reader.query);
  const shapes: TableShape[] = [];
  for (const { name } of names.rows) if (name !== HISTORY) shapes.push(await shapeOf(reader, name));
  return inOrder(shapes);
};

export const countRows = async (reader: Reader, table: string): Promise<number> => {
  const { rows } = await sql<{ count: number | string }>`
    select count(*) as count from ${sql.table(table)}`.execute(reader.query);
  return Number(rows[0]?.count ?? 0);
};

/** A row by column name, as the database gives it. */
export type AnyRow = { readonly [column: string]: unknown };

/** The next rows after `last` in order of the primary key. */
export const nextRows = async (
  reader: Reader,
  { name, columns, key }: TableShape,
  last: AnyRow | undefined,
  limit: number,
): Promise<readonly AnyRow[]> => {
  const keys = sql.join(key.map((column) => sql.ref(column)));
  const after =
    last === undefined ? sql`` : sql`where (${keys}) > (${sql.join(key.map((column) => last[column]))})`;
  const { rows } = await sql<AnyRow>`
    select ${sql.join(columns.map((column) => sql.ref(column)))} from ${sql.table(name)} ${after}
    order by ${keys} limit ${sql.lit(limit)}`.execute(reader.query);
  return rows;
};
