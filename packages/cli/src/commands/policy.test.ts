import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { defaultPolicyRules } from '@ovenbird/api';

const main = path.resolve(import.meta.dirname, '../main.ts');
let folder: string;
let config: string;

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

const ovenbird = (...args: readonly string[]): Promise<Ended> =>
  new Promise((resolve) => {
    execFile(process.execPath, [main, 'policy', ...args], { maxBuffer: 10_000_000 }, (error, out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code), out, err }),
    );
  });

const json = async (...args: readonly string[]) => JSON.parse((await ovenbird(...args, '--json')).out);

const override = (text: string): Promise<void> => writeFile(path.join(folder, 'policy.yaml'), text);

before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'ovenbird-policy-'));
  config = path.join(folder, 'ovenbird.yaml');
  await writeFile(config, JSON.stringify({ policy: { file: path.join(folder, 'policy.yaml') } }));
  await override('# of the operators\n"get_network": "role:reader"\nget_nothing: "!"\n');
});
after(() => rm(folder, { recursive: true }));

test('show tells every rule, and which are not the defaults', async () => {
  const all: { rule: string; text: string }[] = await json('show');
  assert.deepEqual(Object.fromEntries(all.map(({ rule, text }) => [rule, text])), defaultPolicyRules);
  const changed = await json('show', '--changed', '--config', config);
  assert.deepEqual(changed, [
    { rule: 'get_network', text: 'role:reader', origin: 'changed', default: defaultPolicyRules.get_network },
    { rule: 'get_nothing', text: '!', origin: 'unused', default: null },
  ]);
  const table = await ovenbird('show', 'get_network', '--config', config);
  assert.match(table.out, /^RULE +FROM +TEXT\nget_network +changed +role:reader\n$/);
  const unknown = await ovenbird('show', 'get_netwerk');
  assert.deepEqual([unknown.code, unknown.out], [1, '']);
  assert.match(unknown.err, /no such rule: get_netwerk/);
});

test('check explains a decision and tells it by the exit code', async () => {
  const port = ['check', 'create_port:mac_address', '--role', 'member', '--project', 'red'];
  const owner = await ovenbird(...port, '--parent', 'network=red');
  assert.equal(owner.code, 0);
  assert.match(owner.out, /^yes rule:create_port:mac_address\n[\s\S]*\nallowed\n$/);
  const guest = await json(...port, '--parent', 'network=blue');
  assert.equal(guest.allowed, false);
  assert.deepEqual(guest.falseParts, ['role:admin', 'role:service', 'project_id:%(network:project_id)s']);
  const told = await ovenbird(...port, '--parent', 'network=blue');
  assert.equal(told.code, 2);
  assert.match(
    told.out,
    /no +role:admin[\s\S]*yes +role:member[\s\S]*denied: none of these holds: role:admin; /,
  );
  const shared = ['check', 'get_network', '--role', 'member', '--target', 'project_id=blue'];
  assert.equal((await ovenbird(...shared)).code, 2);
  assert.equal((await ovenbird(...shared, '--target', 'shared=True')).code, 0);
  const absent = await ovenbird('check', 'no_such_rule', '--role', 'admin');
  assert.equal(absent.code, 2);
  assert.match(absent.out, /there is no rule 'no_such_rule'/);
});

test('matrix shows each rule for each kind of caller, overrides included', async () => {
  const rowOf = async (rule: string, ...args: readonly string[]) =>
    (await json('matrix', ...args)).find((row: { rule: string }) => row.rule === rule);
  const initial = await rowOf('get_network');
  assert.deepEqual(initial, {
    rule: 'get_network',
    admin: true,
    manager: true,
    member: true,
    reader: true,
    service: true,
    'other-manager': false,
    'other-member': false,
    'other-reader': false,
    'shared-to': true,
  });
  const changed = await rowOf('get_network', '--config', config);
  assert.deepEqual([changed.service, changed['other-reader']], [false, true]);
});

test('a file that cannot be is refused with its reason', async () => {
  for (const [text, reason] of [
    ['get_port: "http://other/%(id)s"', /get_port.*asks another server: http: checks are refused/],
    ['a: "@"\na: "!"', /not YAML: Map keys must be unique/],
  ] as const) {
    await override(text);
    const refused = await ovenbird('show', '--config', config);
    assert.equal(refused.code, 1, text);
    assert.match(refused.err, reason);
    assert.match(refused.err, /^ovenbird: policy\.file .*policy\.yaml: /);
  }
});
