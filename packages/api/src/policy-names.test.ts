import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ruleName, verbOf } from './policy-names.ts';
import { network } from './resources/network.ts';
import { portBinding } from './resources/port-binding.ts';

test('rule names', () => {
  assert.equal(ruleName(network, 'create', 'provider:network_type'), 'create_network:provider:network_type');
  assert.equal(ruleName(portBinding, 'get'), 'get_port_binding');
  assert.deepEqual([verbOf('list'), verbOf('bulk'), verbOf('delete')], ['get', 'create', 'delete']);
});
