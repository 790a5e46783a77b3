import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type ApiService, type Persona, startApiService } from '../testing/api-service.ts';
import { forEachDialect } from '../testing/databases.ts';

/** Texts that would be more than data if they were ever put into SQL, a pattern, a header or a line of the log. */
const TEXTS: readonly string[] = [
  "' OR 1=1 --",
  "'; DROP TABLE networks; --",
  '" OR ""="',
  "x' || (SELECT id FROM ports) || '",
  '%',
  '_',
  '\\',
  '\\%',
  '$1',
  '?',
  ':name',
  '%(project_id)s',
  '["uuid","x"]',
  'ip4 || 1',
  'a\r\nX-Injected: yes',
  '\n{"level":60,"msg":"forged"}',
  '\u001b[31mred',
  '\u009b31mred\u007f',
  'ａｄｍｉｎ',
  'e\u0301',
  '\u202egnp',
  '😀',
  '__proto__',
  'constructor',
];

forEachDialect('texts that look like code', (databases) => {
  let service: ApiService;
  let member: Persona;
  let admin: Persona;
  before(async () => {
    service = await startApiService({ databaseUrl: await databases.freshUrl() });
    member = await service.persona('mia', 'red', ['member']);
    admin = await service.persona('ada', 'operations', ['admin']);
  });
  after(() => service[Symbol.asyncDispose]());

  const named = async (query: string): Promise<readonly string[]> => {
    const { status, body } = await member.ask('GET', `networks?${query}&fields=name`);
    assert.equal(status, 200, query);
    return body.networks.map((network: { name: string }) => network.name);
  };

  test('are kept as they are, and a filter finds them and nothing else', async () => {
    const kept = TEXTS.filter((text) => !/[\p{Cc}\p{Cf}]/u.test(text));
    for (const name of TEXTS) {
      const answer = await member.ask('POST', 'networks', { network: { name, description: name } });
      assert.equal(answer.status, kept.includes(name) ? 201 : 400, JSON.stringify(answer.body));
    }
    for (const name of kept) {
      const sent = encodeURIComponent(name);
      assert.deepEqual(await named(`name=${sent}`), [name]);
      assert.deepEqual(await named(`description=${sent}&name=${sent}`), [name]);
      assert.deepEqual(await named(`name=x${sent}`), []);
    }
    assert.deepEqual((await named('')).toSorted(), kept.toSorted());
  });

  test('select nothing as ids, markers, tags and parts of addresses, and sort by nothing', async () => {
    const { id } = (await member.ask('POST', 'networks', { network: { name: 'with a port' } })).body.network;
    const subnet = { network_id: id, ip_version: 4, cidr: '10.0.0.0/24' };
    assert.equal((await member.ask('POST', 'subnets', { subnet })).status, 201);
    assert.equal((await member.ask('POST', 'ports', { port: { network_id: id } })).status, 201);
    for (const text of TEXTS) {
      const sent = encodeURIComponent(text);
      assert.equal((await member.ask('GET', `networks/${sent}`)).status, 404, text);
      assert.deepEqual((await member.ask('GET', `networks?id=${sent}`)).body.networks, []);
      assert.deepEqual((await member.ask('GET', `networks?tags=${sent}`)).body.networks, []);
      assert.ok(
        [400, 404].includes((await member.ask('GET', `networks?marker=${sent}&limit=1`)).status),
        text,
      );
      assert.equal((await member.ask('GET', `networks?sort_key=${sent}&sort_dir=asc`)).status, 400, text);
      const part = encodeURIComponent(`ip_address_substr=${text}`);
      const { status, body } = await admin.ask('GET', `ports?fixed_ips=${part}`);
      assert.ok(status === 400 || body.ports.length === 0, text);
    }
  });

  test('reach neither a header nor a line of the log of their own', async () => {
    for (const text of TEXTS) {
      const answer = await member.ask(
        'GET',
        `networks/${encodeURIComponent(text)}/tags/${encodeURIComponent(text)}`,
      );
      assert.equal(answer.headers['x-injected'], undefined);
    }
    for (const line of service.log) {
      const entry = JSON.parse(line);
      assert.notEqual(entry.msg, 'forged');
      assert.equal(line.trimEnd().includes('\n'), false);
      assert.doesNotMatch(line.trimEnd(), /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    }
    assert.ok(
      service.log.some((line) => line.includes('forged')),
      'the path itself is told',
    );
  });

  test('of repeated keys the last one counts, for the rules as for what is kept', async () => {
    const json = { 'content-type': 'application/json' };
    const post = (text: string) => member.ask('POST', 'networks', text, json);
    const { status, body } = await post('{"network":{"name":"a","shared":true,"shared":false,"name":"b"}}');
    assert.deepEqual([status, body.network?.name, body.network?.shared], [201, 'b', false]);
    for (const text of [
      '{"network":{"shared":false,"shared":true}}',
      '{"network":{"shared":false,"sh\\u0061red":true}}',
      '{"network":{"shared":false},"network":{"shared":true}}',
    ])
      assert.equal((await post(text)).status, 403, text);
    const other = await post('{"network":{"shared":true},"network":{"name":"c"}}');
    assert.deepEqual([other.status, other.body.network?.shared], [201, false]);
  });

  test('change no object that everything inherits from', async () => {
    const json = { 'content-type': 'application/json' };
    for (const body of [
      '{"network":{"__proto__":{"polluted":1}}}',
      '{"__proto__":{"polluted":1},"network":{}}',
      '{"network":{"constructor":{"prototype":{"polluted":1}}}}',
      '{"network":{"name":{"__proto__":{"polluted":1}}}}',
    ])
      assert.equal((await member.ask('POST', 'networks', body, json)).status, 400, body);
    assert.equal(Object.hasOwn(Object.prototype, 'polluted'), false);
    assert.equal((await member.ask('GET', 'networks?__proto__=x')).status, 400);
    assert.equal(
      (await member.ask('GET', 'networks?fields=__proto__&fields=constructor')).status < 500,
      true,
    );
  });
});
