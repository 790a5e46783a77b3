import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type RawBuilder, sql } from 'kysely';
import { makeCertificate } from '../../testing/certificate.ts';
import { startPostgres, type TestPostgres } from '../../testing/postgres.ts';
import { openDatabase } from '../open.ts';

// The link to a PostgreSQL server with TLS, whose certificate is for the name localhost and for no address.
let folder: string;
let server: TestPostgres;
let port: number;
const at = (name: string): string => join(folder, name);

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ovenbird-pg-tls-'));
  makeCertificate(folder, 'server');
  makeCertificate(folder, 'stranger');
  const listener = createServer().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const address = listener.address();
  assert.ok(typeof address === 'object' && address !== null);
  port = address.port;
  listener.close();
  server = await startPostgres({ certificate: at('server.crt'), key: at('server.key'), port });
  await server.createDatabase();
});
after(async () => {
  await server[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

const url = (host: string, ssl: string): string => `postgres://ovenbird@${host}:${port}/test_1${ssl}`;
const verified = (host: string, authority: string): string =>
  url(host, `?sslmode=verify-full&sslrootcert=${at(`${authority}.crt`)}`);

const linkOf = async (databaseUrl: string): Promise<unknown> => {
  await using database = await openDatabase({ url: databaseUrl });
  const link: RawBuilder<{ readonly ssl: boolean; readonly version: string }> = sql`
    select ssl, version from pg_stat_ssl where pid = pg_backend_pid()`;
  return await database.read(async (reader) => (await link.execute(reader.query)).rows[0]);
};

test('is encrypted and goes to the server that the authority vouches for', async () => {
  assert.deepEqual(await linkOf(verified('localhost', 'server')), { ssl: true, version: 'TLSv1.3' });
});

test('is not made to a server of another authority, or of an unknown one', async () => {
  await assert.rejects(linkOf(verified('localhost', 'stranger')), /self-signed certificate/);
  await assert.rejects(linkOf(url('localhost', '?sslmode=verify-full')), /self-signed certificate/);
});

test('is not made to an address that the certificate does not name', async () => {
  await assert.rejects(
    linkOf(verified('127.0.0.1', 'server')),
    /does not match certificate|IP: 127\.0\.0\.1/,
  );
});

test('asked to be encrypted, it is verified as well', async () => {
  await assert.rejects(linkOf(url('localhost', '?sslmode=require')), /self-signed certificate/);
});
