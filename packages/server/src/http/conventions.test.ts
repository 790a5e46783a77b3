import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { type ApiService, type Persona, startApiService } from '../testing/api-service.ts';
import { forEachDialect } from '../testing/databases.ts';

type Item = { readonly id: string; readonly name: string };

const pathOf = (href: string): string => {
  const url = new URL(href);
  return `${url.pathname}${url.search}`;
};

forEachDialect('requests', (databases) => {
  let service: ApiService;
  let admin: Persona;
  before(async () => {
    service = await startApiService({
      databaseUrl: await databases.freshUrl(),
      settings: { quotas: { limits: { network: 12 } }, api: { maxBodySize: 4096 } },
    });
    admin = await service.persona('root', 'operations', ['admin']);
  });
  after(() => service[Symbol.asyncDispose]());

  const fresh = (name: string) => service.persona(`${name} user`, name, ['member']);
  const makeNetworks = async (persona: Persona, names: readonly string[]): Promise<readonly Item[]> => {
    const answer = await persona.ask('POST', 'networks', { networks: names.map((name) => ({ name })) });
    assert.equal(answer.status, 201, JSON.stringify(answer.body));
    return answer.body.networks;
  };

  test('bulk makes all or none, in order', async () => {
    const project = await fresh('bulk');
    const made = await makeNetworks(project, ['c', 'a', 'b']);
    assert.deepEqual(
      made.map(({ name }) => name),
      ['c', 'a', 'b'],
    );
    const bad = await project.ask('POST', 'networks', {
      networks: [{ name: 'd' }, { name: 'e', mtu: 20_000 }],
    });
    assert.equal(bad.status, 400);
    assert.equal((await project.ask('GET', 'networks')).body.networks.length, 3);
  });

  test('quota is counted for the project, also in bulk', async () => {
    const project = await fresh('quota');
    await makeNetworks(
      project,
      Array.from({ length: 10 }, (_, index) => `n${index}`),
    );
    const over = await project.ask('POST', 'networks', { networks: [{}, {}, {}] });
    assert.equal(over.status, 409);
    assert.equal(over.body.NeutronError.type, 'OverQuota');
    assert.equal((await project.ask('POST', 'networks', { networks: [{}, {}] })).status, 201);
  });

  test('pages link to each other in both directions', async () => {
    const project = await fresh('pages');
    await makeNetworks(project, ['e', 'd', 'c', 'b', 'a']);
    const seen: string[] = [];
    let path = '/v2.0/networks?limit=2&sort_key=name&sort_dir=desc&fields=name';
    let last = '';
    for (;;) {
      const { body } = await project.ask('GET', path);
      seen.push(...body.networks.map((network: Item) => network.name));
      const next = body.networks_links.find((link: { rel: string }) => link.rel === 'next');
      if (next === undefined) {
        last = body.networks_links.find((link: { rel: string }) => link.rel === 'previous').href;
        break;
      }
      path = pathOf(next.href);
    }
    assert.deepEqual(seen, ['e', 'd', 'c', 'b', 'a']);
    const back = await project.ask('GET', pathOf(last));
    assert.deepEqual(back.body.networks, [{ name: 'c' }, { name: 'b' }]);
    assert.equal('networks_links' in (await project.ask('GET', 'networks')).body, false);
  });

  test('an empty page leads back to the end of the collection', async () => {
    const project = await fresh('emptypages');
    const made = await makeNetworks(project, ['a', 'b']);
    const path = '/v2.0/networks?limit=2&sort_key=name&sort_dir=asc';
    const beyond = await project.ask('GET', `${path}&marker=${made.at(-1)?.id}`);
    assert.deepEqual(beyond.body.networks, []);
    const [previous, ...others] = beyond.body.networks_links;
    assert.deepEqual([previous.rel, others], ['previous', []]);
    const back = await project.ask('GET', pathOf(previous.href));
    assert.deepEqual(
      back.body.networks.map((network: Item) => network.name),
      ['a', 'b'],
    );
  });

  test('filters, sorting, fields and old spellings', async () => {
    const project = await fresh('filters');
    const [one, two] = await makeNetworks(project, ['x', 'y']);
    const ids = async (query: string) =>
      (await project.ask('GET', `networks?${query}`)).body.networks.map((n: Item) => n.id);
    assert.deepEqual(await ids('name=x'), [one?.id]);
    assert.deepEqual(await ids('name=x&name=y&sort_key=name&sort_dir=desc'), [two?.id, one?.id]);
    assert.deepEqual(await ids(`tenant_id=${project.projectId}&name=y`), [two?.id]);
    const [shown] = (
      await project.ask('GET', 'networks.json?name=x&fields=tenant_id&fields=name&fields=nonsense')
    ).body.networks;
    assert.deepEqual(shown, { name: 'x', tenant_id: project.projectId });
    for (const query of [
      'color=red',
      'sort_key=color&sort_dir=asc',
      'sort_key=name',
      'limit=-1',
      'limit=x',
      'changed_since=x',
    ]) {
      const answer = await project.ask('GET', `networks?${query}`);
      assert.equal(answer.status, 400, query);
    }
    assert.equal((await project.ask('GET', 'networks/?name=x')).status, 200);
    const nowhere = await project.ask('GET', 'networks?limit=1&marker=nowhere');
    assert.deepEqual([nowhere.status, nowhere.body.NeutronError.type], [404, 'NetworkNotFound']);
  });

  test('If-Match guards updates and deletes', async () => {
    const project = await fresh('revisions');
    const [network] = await makeNetworks(project, ['r']);
    const path = `networks/${network?.id}`;
    const { revision_number: revision } = (await project.ask('GET', path)).body.network;
    const stale = { 'if-match': `revision_number=${revision - 1}` };
    const current = { 'if-match': `revision_number=${revision}` };
    const refused = await project.ask('PUT', path, { network: { name: 'q' } }, stale);
    assert.equal(refused.status, 412);
    assert.equal(refused.body.NeutronError.type, 'RevisionNumberConstraintFailed');
    assert.equal(
      (await project.ask('PUT', path, { network: { name: 'q' } }, { 'if-match': 'x' })).status,
      400,
    );
    const updated = await project.ask('PUT', path, { network: { name: 'q' } }, current);
    assert.equal(updated.body.network.revision_number, revision + 1);
    assert.equal((await project.ask('DELETE', path, undefined, current)).status, 412);
    assert.equal((await project.ask('DELETE', path)).status, 204);
  });

  test('of updates at once with one revision, one wins', async () => {
    const project = await fresh('races');
    const [network] = await makeNetworks(project, ['r']);
    const path = `networks/${network?.id}`;
    const { revision_number: revision } = (await project.ask('GET', path)).body.network;
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        project.ask(
          'PUT',
          path,
          { network: { name: `w${index}` } },
          { 'if-match': `revision_number=${revision}` },
        ),
      ),
    );
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 412, 412, 412, 412, 412, 412, 412]);
  });

  test('tags: add, list, check, replace, remove, filter', async () => {
    const project = await fresh('tags');
    const [network, other] = await makeNetworks(project, ['t', 'u']);
    const path = `networks/${network?.id}/tags`;
    assert.equal((await project.ask('PUT', `${path}/red`)).status, 201);
    assert.equal((await project.ask('PUT', `${path}/red`)).status, 201);
    assert.deepEqual((await project.ask('POST', path, { tags: ['blue', 'red'] })).body, {
      tags: ['blue', 'red'],
    });
    assert.deepEqual((await project.ask('GET', path)).body, { tags: ['blue', 'red'] });
    assert.equal((await project.ask('GET', `${path}/blue`)).status, 204);
    assert.equal((await project.ask('GET', `${path}/green`)).body.NeutronError.type, 'TagNotFound');
    const tagged = (await project.ask('GET', 'networks?tags=red,blue')).body.networks;
    assert.deepEqual(
      tagged.map((one: Item) => one.id),
      [network?.id],
    );
    assert.deepEqual(
      (await project.ask('GET', 'networks?not-tags=red')).body.networks.map((one: Item) => one.id),
      [other?.id],
    );
    const before = (await project.ask('GET', `networks/${network?.id}`)).body.network.revision_number;
    assert.deepEqual((await project.ask('PUT', path, { tags: ['gold'] })).body, { tags: ['gold'] });
    assert.equal(
      (await project.ask('GET', `networks/${network?.id}`)).body.network.revision_number,
      before + 1,
    );
    assert.equal((await project.ask('DELETE', `${path}/red`)).status, 404);
    assert.equal((await project.ask('DELETE', `${path}/gold`)).status, 204);
    assert.equal((await project.ask('DELETE', path)).status, 204);
    for (const body of [
      undefined,
      {},
      { tags: 'x' },
      { tags: [7] },
      { tags: ['x'.repeat(256)] },
      { tags: ['a', 'a'] },
    ]) {
      assert.equal((await project.ask('PUT', path, body)).status, 400, JSON.stringify(body));
    }
    const many = Array.from({ length: 51 }, (_, index) => `t${index}`);
    assert.equal((await project.ask('PUT', path, { tags: many })).status, 400);
    assert.deepEqual((await project.ask('GET', path)).body, { tags: [] });
    assert.equal(
      (await project.ask('PUT', 'networks/nowhere/tags/x')).body.NeutronError.type,
      'TagResourceNotFound',
    );
  });

  test('what OVN cannot do is refused with the reason', async () => {
    for (const [method, path, message] of [
      ['GET', 'metering/metering-labels', /no counters/],
      ['POST', 'metering/metering-label-rules', /no counters/],
      ['GET', `networks/${randomUUID()}/dhcp-agents?fields=id`, /no DHCP agents/],
      ['DELETE', `agents/host1/l3-routers/${randomUUID()}`, /not moved by hand/],
      ['GET', 'local_ips', /not offered/],
      ['GET', `routers/${randomUUID()}/conntrack_helpers`, /not offered/],
    ] as const) {
      const { status, body } = await admin.ask(method, path, method === 'POST' ? {} : undefined);
      assert.deepEqual([status, body.NeutronError.type], [404, 'HTTPNotFound'], path);
      assert.match(body.NeutronError.message, message);
    }
  });

  test('what cannot be: unknown paths, methods, bodies', async () => {
    const type = { 'content-type': 'application/json' };
    for (const [method, path, body, status, kind] of [
      ['GET', 'colors', undefined, 404, 'HTTPNotFound'],
      ['GET', '/nowhere', undefined, 404, 'HTTPNotFound'],
      ['GET', 'networks/x/y', undefined, 404, 'HTTPNotFound'],
      ['PATCH', 'networks', {}, 405, 'HTTPMethodNotAllowed'],
      ['OPTIONS', 'networks', undefined, 405, 'HTTPMethodNotAllowed'],
      ['PUT', 'networks', {}, 405, 'HTTPMethodNotAllowed'],
      ['PUT', 'security-group-rules/x', {}, 405, 'HTTPMethodNotAllowed'],
      ['POST', 'networks', '{"network":', 400, 'HTTPBadRequest'],
      ['POST', 'networks', '', 400, 'HTTPBadRequest'],
      ['POST', 'networks', '[]', 400, 'HTTPBadRequest'],
      ['POST', 'networks', 'null', 400, 'HTTPBadRequest'],
      ['POST', 'networks', '"x"', 400, 'HTTPBadRequest'],
      ['POST', 'networks', '{"network":{"__proto__":{"shared":true}}}', 400, 'HTTPBadRequest'],
      ['POST', 'networks', '{"network":{"constructor":{"prototype":{}}}}', 400, 'HTTPBadRequest'],
      ['POST', 'networks', `{"network":${'['.repeat(100)}${']'.repeat(100)}}`, 400, 'HTTPBadRequest'],
      [
        'POST',
        'networks',
        JSON.stringify({ network: { name: 'x'.repeat(5000) } }),
        413,
        'HTTPRequestEntityTooLarge',
      ],
      ['POST', 'networks', '{"networks":[]}', 400, 'HTTPBadRequest'],
      ['POST', 'networks', '{"network":{"color":"red"}}', 400, 'HTTPBadRequest'],
      ['POST', 'networks', '{"network":{"id":"x"}}', 400, 'HTTPBadRequest'],
    ] as const) {
      const answer = await admin.ask(method, path, body, body === undefined ? {} : type);
      assert.equal(
        answer.status,
        status,
        `${method} ${path} ${JSON.stringify(body)}: ${JSON.stringify(answer.body)}`,
      );
      assert.equal(answer.body.NeutronError.type, kind);
    }
    const allow = (await admin.ask('PATCH', 'networks', {})).headers.allow;
    assert.equal(allow, 'GET, POST');
  });

  test('a body is JSON whatever its label', async () => {
    const create = (body: string, headers: { readonly [name: string]: string }) =>
      service.app.http.inject({
        method: 'POST',
        url: '/v2.0/networks',
        headers: { 'x-auth-token': admin.token, ...headers },
        payload: Buffer.from(body),
      });
    for (const type of ['application/json; charset=utf-8', 'application/x-www-form-urlencoded', 'text/plain'])
      assert.equal((await create('{"network":{}}', { 'content-type': type })).statusCode, 201, type);
    const unlabelled = await create('{"network":{}}', {});
    assert.equal(unlabelled.statusCode, 201);
    const form = await create('a=b', { 'content-type': 'application/x-www-form-urlencoded' });
    assert.deepEqual([form.statusCode, form.json().NeutronError.type], [400, 'HTTPBadRequest']);
  });

  test('of repeated keys the last counts', async () => {
    const { body } = await admin.ask('POST', 'networks', '{"network":{"name":"a","name":"b"}}', {
      'content-type': 'application/json',
    });
    assert.equal(body.network.name, 'b');
  });
});
