import assert from 'node:assert/strict';
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
