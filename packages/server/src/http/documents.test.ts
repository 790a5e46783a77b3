import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type ApiService, type Persona, startApiService } from '../testing/api-service.ts';

describe('documents', () => {
  let service: ApiService;
  let admin: Persona;
  let directory = '';
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'ovenbird-documents-'));
    const databaseUrl = `sqlite:${join(directory, 'api.db')}`;
    service = await startApiService({
      databaseUrl,
      settings: { api: { publicUrl: 'https://api.example/network/' } },
    });
    admin = await service.persona('root', 'operations', ['admin']);
  });
  after(async () => {
    await service[Symbol.asyncDispose]();
    await rm(directory, { recursive: true });
  });

  test('versions are for everybody, with the configured address', async () => {
    const root = (await service.ask('GET', '/')).body;
    assert.equal(root.versions[0].links[0].href, 'https://api.example/network/v2.0/');
    const core = (await service.ask('GET', '/v2.0/')).body;
    assert.deepEqual(
      core.resources.map((one: { collection: string }) => one.collection),
      ['networks', 'subnets', 'subnetpools', 'ports'],
    );
    assert.equal((await service.ask('GET', '/openapi.json')).body.openapi, '3.1.0');
  });

  test('extensions are listed and shown', async () => {
    const { extensions } = (await admin.ask('GET', 'extensions')).body;
    assert.ok(extensions.some((one: { alias: string }) => one.alias === 'security-group'));
    assert.equal((await admin.ask('GET', 'extensions/provider')).body.extension.name, 'Provider Network');
    assert.equal((await admin.ask('GET', 'extensions/nothing')).status, 404);
  });

  test('health, and figures for this host', async () => {
    assert.equal((await service.ask('GET', '/healthcheck')).body, 'OK');
    const metrics = await service.ask('GET', '/metrics');
    assert.match(String(metrics.body), /ovenbird_http_request_seconds_count\{[^}]*route="\/healthcheck"/);
  });

  test('every answer is one line in the log, with its id, and without queries and secrets', async () => {
    const globalId = 'req-11111111-2222-3333-4444-555555555555';
    const before = service.log.length;
    const { headers } = await admin.ask('GET', 'networks?name=hidden', undefined, {
      'x-openstack-request-id': globalId,
    });
    await admin.ask('GET', 'networks', undefined, { 'x-openstack-request-id': 'not an id' });
    const lines = service.log.slice(before).map((line) => JSON.parse(line));
    const [line, other] = lines.filter(({ msg }) => msg === 'request');
    assert.equal(line.requestId, headers['x-openstack-request-id']);
    assert.deepEqual(
      [line.method, line.path, line.status, line.globalRequestId, line.projectId],
      ['GET', '/v2.0/networks', 200, globalId, admin.projectId],
    );
    assert.equal(other.globalRequestId, undefined);
    assert.equal(service.log.slice(before).join('').includes('hidden'), false);
  });

  test('each answer has an id of its own, and HEAD has no body', async () => {
    const [one, two] = [await admin.ask('GET', 'networks'), await admin.ask('GET', 'networks')];
    assert.match(one.headers['x-openstack-request-id'] ?? '', /^req-[0-9a-f-]{36}$/);
    assert.notEqual(one.headers['x-openstack-request-id'], two.headers['x-openstack-request-id']);
    const head = await admin.ask('HEAD', 'networks');
    assert.equal(head.status, 200);
    assert.equal(head.body, undefined);
  });
});
