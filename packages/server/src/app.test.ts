import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import pg from 'pg';
import { createApp } from './app.ts';
import { ConfigError, loadConfig } from './config/config.ts';
import { createLogger } from './core/logger.ts';
import { openDatabase } from './db/open.ts';
import { until } from './lab/command.ts';
import { type ApiService, type ApiServiceOptions, startApiService } from './testing/api-service.ts';
import { startPostgres } from './testing/postgres.ts';

let directory: string;
let count = 0;
before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'ovenbird-app-'));
});
after(() => rm(directory, { recursive: true }));

const file = async (name: string, text: string): Promise<string> => {
  const path = join(directory, name);
  await writeFile(path, text);
  return path;
};

const start = (settings: ApiServiceOptions['settings']): Promise<ApiService> => {
  count += 1;
  return startApiService({
    databaseUrl: `sqlite:${join(directory, `${count}.db`)}`,
    ...(settings && { settings }),
  });
};

const refusal = async (settings: { readonly [section: string]: object }): Promise<string> => {
  count += 1;
  const config = loadConfig({
    file: {
      database: { url: `sqlite:${join(directory, `${count}.db`)}` },
      ml2: { mechanismDrivers: ['logger'] },
      ...settings,
    },
  });
  try {
    const app = await createApp(config, { logger: createLogger({ level: 'silent' }) });
    await app[Symbol.asyncDispose]();
    return '';
  } catch (error) {
    return error instanceof ConfigError ? error.message : assert.fail(String(error));
  }
};

describe('a configuration that cannot be', () => {
  test('no identity is refused beyond this host', async () => {
    assert.match(await refusal({ api: { host: '0.0.0.0' } }), /identity\.driver none/);
    assert.match(await refusal({ api: { host: '::' } }), /loopback/);
    for (const host of ['127.0.0.1', '127.9.9.9', '::1', 'localhost']) {
      assert.equal(await refusal({ api: { host } }), '', host);
    }
  });

  test('drivers that are none, by kind', async () => {
    assert.match(
      await refusal({ ml2: { mechanismDrivers: ['no-such-driver'] } }),
      /no mechanism driver or package 'no-such-driver'/,
    );
    const ml2 = { mechanismDrivers: ['logger'] };
    assert.match(
      await refusal({ ml2: { ...ml2, typeDrivers: ['token-ring'] } }),
      /no type driver 'token-ring'/,
    );
    assert.match(await refusal({ ml2: { ...ml2, extensionDrivers: ['x'] } }), /no extension driver 'x'/);
  });

  test('a policy file that is absent, no YAML, circular, or asks another server', async () => {
    const circular = await file('circular.yaml', 'a: rule:b\nb: rule:a\n');
    const remote = await file('remote.yaml', '"get_port": "http://decide.example/"\n');
    const broken = await file('broken.yaml', 'a: [b\n');
    assert.match(await refusal({ policy: { file: join(directory, 'nowhere.yaml') } }), /cannot be read/);
    assert.match(await refusal({ policy: { file: broken } }), /not YAML/);
    assert.match(await refusal({ policy: { file: circular } }), /circle/);
    assert.match(await refusal({ policy: { file: remote } }), /refused/);
  });
});

test('a policy file replaces rules by name and leaves the others', async () => {
  const path = await file(
    'policy.yaml',
    '# ours\n"create_network": "role:architect"\n"get_network:mtu": "!"\n',
  );
  await using service = await start({ policy: { file: path } });
  const member = await service.persona('mia', 'red', ['member']);
  const admin = await service.persona('root', 'operations', ['admin']);
  assert.equal((await member.ask('POST', 'networks', { network: {} })).status, 403);
  assert.equal((await admin.ask('POST', 'networks', { network: {} })).status, 403);
  assert.equal((await member.ask('POST', 'security-groups', { security_group: { name: 'x' } })).status, 201);
});

test('a read rule that only the file has hides the attribute', async () => {
  const path = await file('hide.yaml', '"get_network:mtu": "rule:admin_only"\n');
  await using service = await start({ policy: { file: path } });
  const member = await service.persona('mia', 'red', ['member']);
  const { network } = (await member.ask('POST', 'networks', { network: {} })).body;
  assert.equal('mtu' in network, false);
  assert.equal('mtu' in (await member.ask('GET', `networks/${network.id}`)).body.network, false);
});

test('bulk can be switched off', async () => {
  await using service = await start({ limits: { bulk: false } });
  const member = await service.persona('mia', 'red', ['member']);
  assert.equal((await member.ask('POST', 'networks', { networks: [{}] })).status, 400);
  assert.equal((await member.ask('POST', 'networks', { network: {} })).status, 201);
});

describe('a driver from a package', () => {
  const source = `
    export const createMechanismDriver = () => ({
      name: 'failing',
      precommit: (changes) => {
        if (changes.some((change) => change.current?.name === 'veto')) throw new Error('secret inner detail');
      },
      postcommit: async (changes) => {
        if (changes.some((change) => change.current?.name === 'late')) throw new Error('switch on fire');
      },
      [Symbol.asyncDispose]: async () => {},
    });
  `;

  test('vetoes inside the transaction; what is no API error is a 500 that tells nothing', async () => {
    const url = pathToFileURL(await file('driver.mjs', source)).href;
    await using service = await start({ ml2: { mechanismDrivers: [url] } });
    const member = await service.persona('mia', 'red', ['member']);
    const answer = await member.ask('POST', 'networks', { network: { name: 'veto' } });
    assert.equal(answer.status, 500);
    assert.equal(answer.body.NeutronError.type, 'HTTPInternalServerError');
    assert.equal(JSON.stringify(answer.body).includes('secret'), false);
    assert.deepEqual((await member.ask('GET', 'networks')).body.networks, []);
    const logged = service.log.find((line) => line.includes('secret inner detail'));
    assert.ok(logged?.includes(answer.headers['x-openstack-request-id'] ?? 'no id'));
  });

  test("its failure after the commit is not the client's", async () => {
    const url = pathToFileURL(await file('driver2.mjs', source)).href;
    await using service = await start({ ml2: { mechanismDrivers: [url] } });
    const member = await service.persona('mia', 'red', ['member']);
    assert.equal((await member.ask('POST', 'networks', { network: { name: 'late' } })).status, 201);
    assert.ok(service.log.some((line) => line.includes('switch on fire')));
  });

  test('a package without a driver is refused', async () => {
    const url = pathToFileURL(await file('empty.mjs', 'export {};')).href;
    assert.match(
      await refusal({ ml2: { mechanismDrivers: [url] } }),
      /does not export createMechanismDriver/,
    );
  });
});

test('it listens, answers over TCP, and stops though a client holds its connection', async () => {
  await using service = await start({});
  const url = await service.app.listen();
  const response = await fetch(`${url}/healthcheck`);
  assert.equal(await response.text(), 'OK');
  await service.app.http.close();
  await assert.rejects(fetch(`${url}/healthcheck`));
});

test('it waits at its start for a database that goes away after it was opened', async () => {
  await using server = await startPostgres();
  const url = await server.createDatabase();
  await (await openDatabase({ url }))[Symbol.asyncDispose]();
  const other = new pg.Client({ connectionString: url });
  other.on('error', () => {}); // its server is killed
  await other.connect();
  await other.query('begin; lock table network_segment_ranges in access exclusive mode');
  const told = Promise.withResolvers<string>();
  const logger = createLogger({ level: 'warn', destination: { write: (line) => told.resolve(line) } });
  const file = { database: { url }, ml2: { mechanismDrivers: ['logger'] } };
  const opening = createApp(loadConfig({ file }), { logger });
  const isBehind = 'select 1 from pg_locks where not granted';
  await until('it looks at the ranges', async () => (await other.query(isBehind)).rowCount === 1);
  await server.stop();
  assert.match(
    await Promise.race([told.promise, opening.then(() => 'it is there')]),
    /waiting for the database/,
  );
  await server.restart();
  await using app = await opening;
  const ranges = await app.database.read((reader) =>
    reader.query.selectFrom('network_segment_ranges').select('network_type').distinct().execute(),
  );
  assert.ok(ranges.length > 0);
});
