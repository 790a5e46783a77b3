export { makeCertificate } from './certificate.ts';
export { forEachDialect, type TestDatabases } from './databases.ts';
export { freePort } from './free-port.ts';
export { startPostgres, type TestPostgres } from './postgres.ts';
export { sharePostgres } from './shared-postgres.ts';
