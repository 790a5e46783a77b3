import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { defaultPolicyRules } from '@ovenbird/api';
import { loadConfig } from '../config/config.ts';
import { compilePolicy, type Rules } from '../policy/policy.ts';
import { makeCertificate } from '../testing/certificate.ts';
import type { Found, SettingsSite } from './check.ts';
import { checks } from './checks/index.ts';
import { auditPage } from './page.ts';

let folder = '';
const at = (name: string): string => join(folder, name);

const DAY_MS = 86_400_000;
const PASSWORD = 'correct-horse-battery';

interface Given {
  readonly file?: { readonly [section: string]: object };
  readonly rules?: Rules;
  readonly environment?: SettingsSite['environment'];
  readonly now?: Date;
}

/** A site whose configuration is in a private file that others cannot get to. */
const siteOf = async ({
  file = {},
  rules = {},
  environment = {},
  now = new Date(),
}: Given): Promise<SettingsSite> => {
  const configFile = at('ovenbird.yaml');
  await writeFile(configFile, JSON.stringify(file));
  await chmod(configFile, 0o600);
  const policy = compilePolicy(defaultPolicyRules, rules);
  return { config: loadConfig({ file }), configFile, environment, policy, now };
};

const look = async (id: string, site: SettingsSite): Promise<readonly Found[]> => {
  const check = checks.find((each) => each.id === id);
  assert.equal(check?.needs, 'settings', id);
  return check.examine(site);
};

const outside = { api: { host: '0.0.0.0' } };
const keystone = (url: string) => ({ identity: { driver: 'keystone', url, password: PASSWORD } });
const sql = (url: string) => ({ database: { url } });

/** Each with a setting that is wrong, and a twin that is right. */
const cases: readonly (readonly [id: string, fault: Given, evidence: RegExp, twin: Given])[] = [
  ['identity-open', { file: outside }, /^none: everybody .* 0\.0\.0\.0 /, {}],
  [
    'identity-open',
    { file: { ...outside, identity: { driver: 'lab' } } },
    /lab/,
    { file: { ...outside, ...keystone('https://k') } },
  ],
  [
    'identity-open',
    { file: { api: { publicUrl: 'https://net.example' } } },
    /net\.example/,
    { file: { api: { publicUrl: 'http://127.0.0.1:1' } } },
  ],
  [
    'metrics-open',
    { file: { api: { host: '::', metricsAccess: 'all' } } },
    /^all/,
    { file: { api: { host: '::' } } },
  ],
  ['rate-unlimited', { file: outside }, /^0/, { file: { api: { host: '0.0.0.0', requestRate: 50 } } }],
  ['audit-trail-off', { file: outside }, /^empty/, { file: { ...outside, audit: { log: 'stderr' } } }],
  [
    'api-unencrypted',
    { file: outside },
    /plain HTTP on 0\.0\.0\.0/,
    { file: { api: { host: '127.0.0.1' } } },
  ],
  [
    'database-unencrypted',
    { file: sql('postgres://u@db.example/o') },
    /db\.example \(sslmode disable\)/,
    { file: sql('postgres://u@db.example/o?sslmode=verify-full') },
  ],
  [
    'database-unencrypted',
    { file: sql('postgres://u@db.example/o?sslmode=no-verify') },
    /whoever it is/,
    { file: sql('postgres://u@127.0.0.1/o') },
  ],
  [
    'database-unencrypted',
    { file: sql('postgres:///o'), environment: { PGHOST: 'db.example' } },
    /db\.example/,
    { file: sql('postgres:///o?host=/run/postgresql') },
  ],
  [
    'ovsdb-unencrypted',
    { file: { ovn: { nbConnection: ['ssl:192.0.2.1:6641', 'tcp:192.0.2.2:6641'] } } },
    /^tcp:192\.0\.2\.2:6641/,
    { file: { ovn: { nbConnection: ['unix:/run/nb.sock', 'tcp:[::1]:6641'] } } },
  ],
  [
    'identity-unencrypted',
    { file: keystone('http://keystone.example:5000/v3') },
    /keystone\.example:5000/,
    { file: keystone('https://keystone.example/v3') },
  ],
  [
    'nova-unencrypted',
    { file: { nova: { url: 'http://nova.example:8774/v2.1' } } },
    /nova\.example/,
    { file: { nova: { url: 'http://127.0.0.1:8774/v2.1' } } },
  ],
  [
    'policy-weakened',
    { rules: { create_network: 'role:reader' } },
    /^now allowed to .*other-reader.*: role:reader$/,
    { rules: { create_network: 'role:admin' } },
  ],
  [
    'policy-weakened',
    { rules: { get_network: 'role:auditor or role:admin' } },
    /^now allowed to auditor, other-auditor: role/,
    { rules: { get_network: '!' } },
  ],
  [
    'policy-rule-unused',
    { rules: { get_netwerk: '!' } },
    /no operation/,
    { rules: { mine: 'role:x', get_network: 'rule:mine and role:admin' } },
  ],
  [
    'password-in-url',
    { file: sql(`postgres://u:${PASSWORD}@127.0.0.1/o`) },
    /a URL with a password/,
    { file: sql('postgres://u@127.0.0.1/o') },
  ],
];

describe('audit of settings', () => {
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ovenbird-audit-'));
    makeCertificate(folder, 'api', { days: 90 });
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it('finds nothing in the defaults', async () => {
    const site = await siteOf({});
    for (const check of checks)
      if (check.needs === 'settings') assert.deepEqual(await check.examine(site), [], check.id);
  });

  for (const [id, fault, evidence, twin] of cases)
    it(`${id}: ${JSON.stringify(fault.file ?? fault.rules)}`, async () => {
      const found = await look(id, await siteOf(fault));
      assert.equal(found.length, 1, JSON.stringify(found));
      assert.match(found[0]?.evidence ?? '', evidence);
      assert.ok(!JSON.stringify(found).includes(PASSWORD));
      assert.deepEqual(await look(id, await siteOf(twin)), []);
    });

  it('a TLS certificate makes the API good, until it nears its end', async () => {
    const file = { api: { host: '0.0.0.0', tlsCertificate: at('api.crt'), tlsKey: at('api.key') } };
    assert.deepEqual(await look('api-unencrypted', await siteOf({ file })), []);
    const days = (count: number) => siteOf({ file, now: new Date(Date.now() + count * DAY_MS) });
    assert.deepEqual(await look('certificate-expiring', await days(0)), []);
    const [soon] = await look('certificate-expiring', await days(80));
    assert.match(soon?.evidence ?? '', /^api\.tlsCertificate: CN=api expires in (9|10) days$/);
    assert.equal(soon?.severity, 'medium');
    const [over] = await look('certificate-expiring', await days(91));
    assert.match(over?.evidence ?? '', /expired on/);
    assert.equal(over?.severity, undefined);
    const none = await siteOf({ file: { ovn: { caCert: at('ovenbird.yaml') } } });
    assert.match((await look('certificate-expiring', none))[0]?.evidence ?? '', /no certificate/);
  });

  it('files that others may read are told, unless a directory keeps others out', async () => {
    const database = at('o.db');
    await writeFile(database, '');
    const file = {
      ...keystone('https://k'),
      ...sql(`sqlite:${database}`),
      api: { tlsKey: at('api.key') },
    };
    const exposed = ['config-readable', 'key-readable', 'store-readable'];
    const seen = async () => {
      const site = await siteOf({ file });
      for (const path of [at('ovenbird.yaml'), at('api.key'), database]) await chmod(path, 0o640);
      return Promise.all(exposed.map(async (id) => (await look(id, site)).map(({ subject }) => subject.id)));
    };
    assert.deepEqual(await seen(), [[], [], []]);
    await chmod(folder, 0o711);
    assert.deepEqual(await seen(), [[at('ovenbird.yaml')], [at('api.key')], [database]]);
    const site = await siteOf({ file });
    assert.deepEqual(await look('config-readable', site), []);
    // Nothing secret in it: everybody may read it.
    const harmless = await siteOf({ file: sql(`sqlite:${database}`) });
    await chmod(at('ovenbird.yaml'), 0o644);
    assert.deepEqual(await look('config-readable', harmless), []);
    await chmod(folder, 0o700);
  });

  it('a password in the arguments of a process is told with the process, and without the password', async () => {
    const site = await siteOf({ file: sql(`postgres://u:${PASSWORD}@127.0.0.1/o`) });
    assert.deepEqual(await look('secret-in-arguments', site), []);
    const child = spawn('sleep', ['60'], { argv0: `postgres://u:${PASSWORD}@127.0.0.1/o`, stdio: 'ignore' });
    try {
      await once(child, 'spawn');
      const found = await look('secret-in-arguments', site);
      assert.deepEqual(
        found.map(({ subject }) => subject.id),
        [String(child.pid)],
      );
      assert.ok(!JSON.stringify(found).includes(PASSWORD));
    } finally {
      child.kill('SIGKILL');
    }
  });

  it('every check of settings has a case here', async () => {
    const text = await readFile(import.meta.filename, 'utf8');
    for (const { id, needs } of checks) if (needs === 'settings') assert.ok(text.includes(`'${id}'`), id);
  });

  it('declarations have ids of their own, and a page in docs that is up to date (npm run generate)', async () => {
    assert.equal(new Set(checks.map(({ id }) => id)).size, checks.length);
    const page = new URL('../../../../docs/guides/audit.md', import.meta.url);
    assert.equal(await readFile(page, 'utf8'), auditPage());
  });
});
