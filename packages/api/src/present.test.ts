import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { presenter } from './present.ts';
import { network } from './resources/network.ts';
import { subnet } from './resources/subnet.ts';

const row = {
  id: 'i',
  name: 'n',
  project_id: 'p',
  'provider:segmentation_id': 7,
  segments: undefined,
  internal: 1,
};

test('visible attributes are shown with their old names; others and undefined ones are not', () => {
  assert.deepEqual(presenter(network)(row), {
    id: 'i',
    name: 'n',
    project_id: 'p',
    tenant_id: 'p',
    'provider:segmentation_id': 7,
  });
  assert.deepEqual(presenter(subnet)({ id: 'i', shared: true, prefixlen: 24 }), { id: 'i' });
});

test('fields cut, hidden attributes stay hidden even when asked for', () => {
  assert.deepEqual(presenter(network, { fields: ['tenant_id', 'nope'] })(row), { tenant_id: 'p' });
  const hidden = new Set(['provider:segmentation_id']);
  assert.deepEqual(presenter(network, { fields: ['id', 'provider:segmentation_id'], hidden })(row), {
    id: 'i',
  });
});

test('resources that lack different attributes are told apart, however many there are', () => {
  const derived = { description: { reads: ['name'], of: ({ name }: { name?: unknown }) => name } };
  const present = presenter(network, { derived });
  for (let index = 0; index < 2_000; index += 1) {
    const odd = index % 2 === 1;
    const vlan = index % 3 === 0 ? { 'provider:segmentation_id': index } : {};
    const resource = { id: `i${index}`, mtu: index, ...vlan, ...(odd ? { name: 'n' } : {}) };
    const expected = { ...resource, ...(odd ? { description: 'n' } : {}) };
    assert.deepEqual(present({ ...resource, internal: index }), expected);
  }
});

test('names that a request asks for are looked up, never spelled into code, however many resources there are', () => {
  const fields = [
    'mtu',
    "x']; throw 1; //",
    '"]: 1 }; throw 1; //',
    '`); process.exit(1); (`',
    '__proto__',
    'constructor',
  ];
  const present = presenter(network, { fields });
  for (let mtu = 0; mtu < 1_000; mtu += 1)
    assert.deepEqual(present({ mtu, "x']; throw 1; //": 1, __proto__: { id: 'i' } }), { mtu });
});

test('many resources are shown where code may not be made of text', () => {
  const many = `
    import { network, presenter } from '${import.meta.resolve('./index.ts')}';
    const present = presenter(network);
    const shown = Array.from({ length: 2_000 }, (_, mtu) => present({ mtu, internal: 1 }));
    process.exit(shown.every((one, mtu) => one.mtu === mtu && Object.keys(one).length === 1) ? 0 : 1);`;
  const flags = ['--disallow-code-generation-from-strings', '--input-type=module', '--eval', many];
  assert.equal(spawnSync(process.execPath, flags, { timeout: 30_000 }).status, 0);
});
