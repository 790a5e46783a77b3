import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { createApp } from '../../app.ts';
import { loadConfig } from '../../config/config.ts';
import { quietLogger } from '../../core/logger.ts';
import { until } from '../../lab/command.ts';
import { type ApiService, type Persona, startApiService } from '../../testing/api-service.ts';
import { auditTarget } from './target.ts';

interface Line {
  readonly [name: string]: ReturnType<typeof JSON.parse>;
}

const SECRET = 'a-word-that-nobody-else-says';
const uuid = /^[0-9a-f-]{36}$/;

const linesIn = async (path: string): Promise<readonly Line[]> =>
  (await readFile(path, 'utf8'))
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));

describe('audit trail', () => {
  let folder = '';
  let service: ApiService;
  let member: Persona;
  let path = '';
  let seen = 0;
  /** Records since the last look. */
  const news = async (): Promise<readonly Line[]> => {
    const all = await linesIn(path);
    const fresh = all.slice(seen);
    seen = all.length;
    return fresh;
  };
  const start = async (format: string): Promise<void> => {
    path = join(folder, `${format}.log`);
    seen = 0;
    const databaseUrl = `sqlite:${join(folder, `${format}.db`)}`;
    service = await startApiService({ databaseUrl, settings: { audit: { log: path, format } } });
    member = await service.persona('alice', 'red', ['member']);
  };
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ovenbird-audit-'));
    await start('json');
  });
  after(async () => {
    await service[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });

  it('tells who did what to which object with which result', async () => {
    const made = await member.ask('POST', 'networks?x=1', { network: { name: SECRET } });
    const { id } = made.body.network;
    const [record, ...more] = await news();
    assert.deepEqual(more, []);
    assert.match(record?.time, /^20.*Z$/);
    assert.match(record?.userId, /./);
    assert.equal(record?.requestId, made.headers['x-openstack-request-id']);
    const {
      userName,
      projectId,
      roles,
      action,
      resource,
      ids,
      outcome,
      status,
      method,
      path: at,
      source,
    } = record ?? {};
    assert.deepEqual(
      { userName, projectId, action, resource, ids, outcome, status, method, at, source },
      {
        userName: 'alice',
        projectId: member.projectId,
        action: 'create',
        resource: 'network',
        ids: [id],
        outcome: 'success',
        status: 201,
        method: 'POST',
        at: '/v2.0/networks',
        source: '127.0.0.1',
      },
    );
    assert.ok(roles.includes('member'));
    await member.ask('PUT', `networks/${id}`, { network: { description: SECRET } });
    await member.ask('PUT', `networks/${id}/tags/blue`);
    await member.ask('DELETE', `networks/${id}`);
    const rest = (await news()).map(({ action: what, ids: which, status: code }) => [what, which, code]);
    assert.deepEqual(rest, [
      ['update', [id], 200],
      ['update/tags', [id], 201],
      ['delete', [id], 204],
    ]);
  });

  it('names every object of a request that makes several', async () => {
    const { body } = await member.ask('POST', 'networks', { networks: [{ name: 'a' }, { name: 'b' }] });
    const [record] = await news();
    assert.deepEqual(
      record?.ids,
      body.networks.map((each: { id: string }) => each.id),
    );
  });

  it('is a line of plain characters, whatever a path names', async () => {
    const name = '\u009b31m\u007f\u202egnp\u2028\u{e0041}ü';
    await member.ask('PUT', `networks/${encodeURIComponent(name)}`, { network: {} });
    assert.deepEqual((await news())[0]?.ids, [name]);
    const line = (await readFile(path, 'utf8')).trimEnd().split('\n').at(-1) ?? '';
    assert.doesNotMatch(line, /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    assert.match(line, /ü/);
  });

  it('tells of what is refused, reads included, and of nothing else that only reads', async () => {
    await member.ask('GET', 'networks');
    await member.ask('GET', `networks/${randomUUID()}`);
    assert.deepEqual(await news(), []);
    await service.ask('GET', 'networks');
    await service.ask('POST', 'networks', { network: {} }, { 'x-auth-token': SECRET });
    const { status: denied } = await member.ask('GET', 'quotas/others/details');
    assert.deepEqual(
      (await news()).map(({ action, status, ids }) => [action, status, ids]),
      [
        ['read', 401, []],
        ['create', 401, []],
        ['read/details', denied, ['others']],
      ],
    );
    assert.equal(denied, 403);
    await member.ask('POST', 'networks', { network: { 'provider:network_type': 'vlan' } });
    await member.ask('POST', 'networks', { network: { mtu: 'x' } });
    await member.ask('DELETE', 'networks/nothing');
    const records = await news();
    assert.deepEqual(
      records.map(({ outcome, status, reason, ids }) => [outcome, status, reason, ids]),
      [
        ['failure', 403, 'PolicyNotAuthorized', []],
        ['failure', 400, 'InvalidInput', []],
        ['failure', 404, 'NetworkNotFound', ['nothing']],
      ],
    );
    const all = await linesIn(path);
    const refused = all.filter(({ status }) => status === 401);
    assert.deepEqual(
      refused.map(({ method, userId, resource }) => [method, userId, resource]),
      [
        ['GET', undefined, 'network'],
        ['POST', undefined, 'network'],
      ],
    );
  });

  it('tells of a change whose client did not wait for the answer', async () => {
    const url = new URL(await service.app.listen());
    const body = JSON.stringify({ network: { name: 'impatient' } });
    const socket = connect(Number(url.port), url.hostname);
    socket.on('error', () => undefined);
    const head = ['POST /v2.0/networks HTTP/1.1', `host: ${url.host}`, `x-auth-token: ${member.token}`];
    socket.write(`${[...head, `content-length: ${body.length}`].join('\r\n')}\r\n\r\n${body}`, () =>
      socket.destroy(),
    );
    await until('a record', async () => (await linesIn(path)).length > seen);
    const [record] = await news();
    assert.deepEqual([record?.action, record?.resource], ['create', 'network']);
  });

  it('holds no secret, and is for its owner only', async () => {
    const text = await readFile(path, 'utf8');
    assert.ok(!text.includes(SECRET) && !text.includes(member.token));
    assert.equal((await stat(path)).mode & 0o777, 0o600);
  });

  it('can be events of CADF', async () => {
    await service[Symbol.asyncDispose]();
    await start('cadf');
    const { body, headers } = await member.ask('POST', 'networks', { network: {} });
    await member.ask('POST', 'networks', { networks: [{}, {}] });
    const [event, several] = await news();
    assert.equal(event?.typeURI, 'http://schemas.dmtf.org/cloud/audit/1.0/event');
    assert.match(event?.id, uuid);
    assert.match(event?.eventTime, /\+00:00$/);
    const { eventType, action, outcome, reason, target, observer, requestPath, initiator } = event ?? {};
    assert.deepEqual(
      { eventType, action, outcome, reason, target, observer, requestPath },
      {
        eventType: 'activity',
        action: 'create',
        outcome: 'success',
        reason: { reasonType: 'HTTP', reasonCode: '201' },
        target: { typeURI: 'network/network', id: body.network.id },
        observer: { typeURI: 'service/network', id: 'ovenbird', name: 'ovenbird' },
        requestPath: '/v2.0/networks',
      },
    );
    assert.equal(initiator.typeURI, 'service/security/account/user');
    assert.deepEqual([initiator.name, initiator.host], ['alice', { address: '127.0.0.1' }]);
    assert.equal(initiator.request_id, headers['x-openstack-request-id']);
    assert.equal(several?.attachments[0].content.length, 2);
  });

  it('stops the start of a service that cannot write it', async () => {
    const config = loadConfig({
      file: {
        audit: { log: join(folder, 'no/such/folder/log') },
        database: { url: `sqlite:${join(folder, 'x.db')}` },
        ml2: { mechanismDrivers: ['logger'] },
      },
    });
    await assert.rejects(createApp(config, { logger: quietLogger() }), /audit\.log .* cannot be written/);
  });

  it('knows what a path is about', () => {
    const params = { id: 'i', parent: 'p', key: 'k' };
    const about = (route: string) => Object.values(auditTarget(`/v2.0/${route}`, params));
    assert.deepEqual(about('routers/:id/add_router_interface'), ['router', 'i', 'add_router_interface']);
    assert.deepEqual(about('qos/policies'), ['policy', '', undefined]);
    assert.deepEqual(about('floatingips/:parent/port_forwardings'), ['port_forwarding', '', undefined]);
    assert.deepEqual(about('floatingips/:parent/port_forwardings/:key'), ['port_forwarding', 'k', undefined]);
    assert.deepEqual(about('quotas/:id'), ['quota', 'i', undefined]);
    assert.deepEqual(about(''), ['', '', undefined]);
  });
});
