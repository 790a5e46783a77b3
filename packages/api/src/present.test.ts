import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readGuarded, ruleName } from './policy-names.ts';
import { presenter } from './present.ts';
import { network } from './resources/network.ts';
import { portBinding } from './resources/port-binding.ts';
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

test('rule names', () => {
  assert.equal(ruleName(network, 'create', 'provider:network_type'), 'create_network:provider:network_type');
  assert.equal(ruleName(portBinding, 'get'), 'get_port_binding');
  assert.deepEqual(readGuarded(network), [
    'provider:network_type',
    'provider:physical_network',
    'provider:segmentation_id',
    'segments',
    'tags',
  ]);
});
