import { sql } from 'kysely';

/**
 * Values that partial indexes are made for, spelled out in statements. Where such a value is bound, SQLite plans the
 * statement anew at every run, because the value decides whether the index serves; that costs ten times the statement.
 */
export const ACTIVE = sql.lit<'ACTIVE'>('ACTIVE');
export const EXTERNAL = sql.lit<1>(1);
