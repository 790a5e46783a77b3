import assert from 'node:assert/strict';
import { once } from 'node:events';
import { chmod, copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import { createApp } from '../app.ts';
import { loadConfig } from '../config/config.ts';
import { ConfigError } from '../config/option.ts';
import { quietLogger } from '../core/logger.ts';
import { type ApiService, startApiService } from '../testing/api-service.ts';
import { makeCertificate } from '../testing/certificate.ts';

let folder: string;
let service: ApiService;
let port: number;
const at = (name: string): string => join(folder, name);

const settings = () => ({ api: { tlsCertificate: at('api.crt'), tlsKey: at('api.key') } });
const use = async (certificate: string, key: string): Promise<void> => {
  await copyFile(at(key), at('api.key'));
  await copyFile(at(certificate), at('api.crt'));
};

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ovenbird-tls-'));
  for (const name of ['first', 'second']) makeCertificate(folder, name);
  await use('first.crt', 'first.key');
  await chmod(at('api.key'), 0o644);
  service = await startApiService({ databaseUrl: `sqlite:${at('db')}`, settings: settings() });
  port = Number(new URL(await service.app.listen()).port);
});
after(async () => {
  await service[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

const open = async (more: ConnectionOptions = {}): Promise<TLSSocket> => {
  const socket = connect({
    port,
    host: 'localhost',
    servername: 'localhost',
    rejectUnauthorized: false,
    ...more,
  });
  await once(socket, 'secureConnect');
  return socket;
};
const nameOf = (socket: TLSSocket): unknown => socket.getPeerCertificate().subject.CN;

test('answers over TLS alone, and asks browsers to stay with it', async () => {
  const ca = await readFile(at('first.crt'));
  const sent = request({ port, host: 'localhost', path: '/', ca }).end();
  const [answer] = await once(sent, 'response');
  answer.resume();
  assert.ok(answer.statusCode < 400);
  assert.equal(answer.headers['strict-transport-security'], 'max-age=31536000');
  assert.equal(answer.headers['content-security-policy'], "default-src 'none'; frame-ancestors 'none'");
  await assert.rejects(fetch(`http://localhost:${port}/`));
});

test('speaks TLS 1.2 and 1.3 with modern suites, and nothing older', async () => {
  for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
    const socket = await open({ minVersion: version, maxVersion: version });
    assert.equal(socket.getProtocol(), version);
    assert.match(socket.getCipher().name, /GCM|CHACHA20/);
    socket.destroy();
  }
  const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
  await assert.rejects(open(old), /alert protocol version/);
  await assert.rejects(
    open({ maxVersion: 'TLSv1.2', ciphers: 'AES128-SHA@SECLEVEL=0' }),
    /handshake failure/,
  );
});

test('takes a new certificate without a restart, and keeps the old one when the new one cannot be', async () => {
  const before = await open();
  assert.equal(nameOf(before), 'first');
  await use('second.crt', 'second.key');
  const shown = async (wanted: string): Promise<void> => {
    for (let count = 0; count < 100; count += 1) {
      const socket = await open();
      const name = nameOf(socket);
      socket.destroy();
      if (name === wanted) return;
      await pause(200);
    }
    assert.fail(`the certificate ${wanted} is not shown`);
  };
  await shown('second');
  before.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
  assert.match(String((await once(before, 'data'))[0]), /^HTTP\/1\.1 [23]00 /);
  before.destroy();
  await writeFile(at('api.crt'), 'no certificate');
  for (let count = 0; count < 100 && !service.log.some((line) => line.includes('cannot be used')); count += 1)
    await pause(200);
  assert.ok(service.log.some((line) => line.includes('cannot be used')));
  await shown('second');
});

test('a key that others may read is told, and no key is in the log', async () => {
  assert.ok(service.log.some((line) => line.includes('may be read by everybody')));
  const key = (await readFile(at('second.key'), 'utf8')).split('\n')[1] ?? '';
  assert.equal(
    service.log.some((line) => line.includes(key) || line.includes('PRIVATE KEY')),
    false,
  );
});

test('half a configuration, absent files and files that do not fit are refused at the start', async () => {
  const start = async (api: object): Promise<void> => {
    const file = { api, database: { url: `sqlite:${at('other')}` }, ml2: { mechanismDrivers: ['logger'] } };
    await using _app = await createApp(loadConfig({ file }), { logger: quietLogger() });
  };
  for (const api of [
    { tlsCertificate: at('first.crt') },
    { tlsKey: at('first.key') },
    { tlsCertificate: at('none.crt'), tlsKey: at('first.key') },
    { tlsCertificate: at('first.crt'), tlsKey: at('second.key') },
  ])
    await assert.rejects(start(api), ConfigError);
});
