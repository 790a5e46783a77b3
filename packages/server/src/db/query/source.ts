import type { Expression, ExpressionBuilder, Kysely, SelectQueryBuilder, SqlBool } from 'kysely';
import type { Reader } from '../database.ts';
import type { Tables } from '../tables.ts';

/** A column as read from or bound to SQL. */
export type SqlValue = string | number | null;

/** A row of a table as read, by column name. */
export type StoredRow = { readonly [column: string]: SqlValue };

/** A condition on a table, referring to its columns as `table.column`. */
export type Condition = (eb: ExpressionBuilder<Tables, keyof Tables>) => Expression<SqlBool>;

/** Where rows of a resource come from: what a `ResourceStore` says about its table. */
export interface RowSource {
  /**
   * Whether a page may go on from a row outside of the scope: the reference's way with QoS policies, where clients follow
   * an administrator's links as somebody else. The page itself keeps to the scope.
   */
  readonly anyMarker?: true;
  readonly table: keyof Tables & string;
  /** Attributes that are columns; these sort and filter by themselves. */
  readonly columns: {
    readonly [attribute: string]: { readonly column: string; encode(value: unknown): SqlValue };
  };
  /**
   * Filters on other attributes. `equal` and `member` pass their values, `nested` its match as the only value.
   * `viewerProject` is the project of whoever asks, for attributes that look different to each.
   */
  readonly filters: {
    readonly [attribute: string]: (values: readonly unknown[], viewerProject?: string) => Condition;
  };
}

/**
 * Whose rows are meant: all of them, or those of one project and what else `visible` lets it see.
 */
export type RowScope = 'everything' | { readonly projectId: string; readonly visible: Condition | undefined };

/** A query on a table whose name is known only at run time. */
export type DynamicTables = { [table: string]: { [column: string]: SqlValue } };
export type DynamicSelect = SelectQueryBuilder<DynamicTables, string, StoredRow>;
export type DynamicExpressions = ExpressionBuilder<DynamicTables, string>;

/** All columns of the rows of a table, to be narrowed down. */
export const selectRows = (reader: Reader, table: keyof Tables & string): DynamicSelect => {
  // The one place where the static schema is given up: tables are addressed by the name that their store gives.
  const dynamic = reader.query as unknown as Kysely<DynamicTables>;
  return dynamic.selectFrom(table).selectAll(table);
};

/** A {@link Condition} in a query of {@link selectRows}. */
export const applied = (condition: Condition, eb: DynamicExpressions): Expression<SqlBool> =>
  // The builder makes the same nodes whatever tables its type knows.
  condition(eb as unknown as Parameters<Condition>[0]);
