export { forEachDialect, type TestDatabases } from './databases.ts';
export { startPostgres, type TestPostgres } from './postgres.ts';
