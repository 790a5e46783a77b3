import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readOnly, unspecified } from './attribute.ts';
import { inconsistencies } from './consistency.ts';
import { defineExtension, defineResource } from './define.ts';
import { baseRules } from './policy-rules.ts';
import { resources } from './registry.ts';
import { extensions } from './served-extensions.ts';
import { macAddress } from './validators/mac-address.ts';
import { uuid } from './validators/uuid.ts';

test('what is served is consistent', () => {
  assert.deepEqual(inconsistencies(resources, extensions, baseRules), []);
});

test('each kind of inconsistency is named', () => {
  const thing = defineResource({
    name: 'thing',
    collection: 'things',
    path: 'things',
    alias: 'absent',
    operations: ['show', 'create'],
    taggable: true,
    parent: { resource: 'network', attribute: 'network_id' },
    key: 'label',
    attributes: {
      id: readOnly(uuid, { readPolicy: true }),
      mac: unspecified(macAddress, { put: true, policy: true, subPolicy: ['part'] }),
    },
    rules: { create_thing: 'rule:nobody', steal_thing: '!' },
  });
  const extension = defineExtension({
    alias: 'odd',
    name: 'Odd',
    description: '',
    updated: '',
    requires: ['even'],
    attributes: { thing: { mac: readOnly(macAddress) } },
  });
  const problems = inconsistencies([thing, thing], [extension, extension], {});
  for (const expected of [
    'resource thing is declared twice',
    'collection things is declared twice',
    'path /things is declared twice',
    'extension odd is declared twice',
    'rule create_thing is declared twice',
    'thing: extension absent is not served',
    'rule nobody is named but not declared',
    'thing: no rule get_thing',
    'thing: no rule get_thing:id',
    'thing: no rule create_thing:mac',
    'thing: no rule create_thing:mac:part',
    'thing: no rule delete_thing:tags',
    'thing: rule steal_thing guards nothing',
    'thing: parent network by network_id does not exist',
    'thing: no attribute label',
    'odd: requires even, which is not served',
    'odd: thing does not have its attribute mac',
  ]) {
    assert.ok(problems.includes(expected), expected);
  }
});
