import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { differencesOf } from './difference.ts';
import { Masks } from './masks.ts';
import { nameRows } from './rows.ts';

describe('differences of two values', () => {
  test('are found as deep as they are', () => {
    assert.deepEqual(differencesOf('p', { a: 1, b: { c: [1, 2] } }, { b: { c: [2, 1] }, a: 1 }), []);
    assert.deepEqual(differencesOf('p', { a: 1, b: 2 }, { a: 3, c: 4 }), [
      { place: 'p/a', reference: 1, ovenbird: 3 },
      { place: 'p/b', reference: 2 },
      { place: 'p/c', ovenbird: 4 },
    ]);
  });

  test('of lists are told by the members that belong together', () => {
    const list = [
      { id: 1, a: 1 },
      { id: 2, a: 2 },
    ];
    assert.deepEqual(differencesOf('p', list, list.toReversed()), []);
    assert.deepEqual(differencesOf('p', list, [{ id: 2, a: 5 }]), [
      { place: 'p/a', reference: 2, ovenbird: 5 },
      { place: 'p', reference: [{ id: 1, a: 1 }], ovenbird: [] },
    ]);
    assert.deepEqual(differencesOf('p', ['x', 'x'], ['x']), [{ place: 'p', reference: ['x'], ovenbird: [] }]);
  });
});

describe('masks', () => {
  const ids = {
    reference: '11111111-1111-4111-8111-111111111111',
    ovenbird: '22222222-2222-4222-8222-222222222222',
  };

  test('ids have names, also inside of names that OVN gets', () => {
    const masks = new Masks();
    masks.learnFrom('net', { reference: { id: ids.reference }, ovenbird: { id: ids.ovenbird } });
    const name = `pg_${ids.ovenbird.replaceAll('-', '_')} and neutron-${ids.ovenbird}`;
    assert.equal(masks.text('ovenbird', name), 'pg_{net} and neutron-{net}');
    assert.equal(masks.text('reference', ids.ovenbird), '{unknown id}');
  });

  test('addresses are masked only where the sides chose differently', () => {
    const masks = new Masks();
    masks.learnFrom('port', { reference: { ip: '10.0.0.7' }, ovenbird: { ip: '10.0.0.70' } });
    masks.learnFrom('same', { reference: { ip: '10.0.0.1' }, ovenbird: { ip: '10.0.0.1' } });
    assert.equal(
      masks.text('reference', '10.0.0.7/24 10.0.0.1 10.0.0.77'),
      '{port.ip}/24 10.0.0.1 10.0.0.77',
    );
    assert.equal(masks.text('ovenbird', 'ip4 == 10.0.0.70'), 'ip4 == {port.ip}');
    assert.equal(masks.text('ovenbird', 'host-10-0-0-70.example.org.'), 'host-{port.ip}.example.org.');
  });

  test('an address that one side chose and both were asked for is compared as it is where it was asked for', () => {
    const masks = new Masks();
    masks.learnFrom('port', { reference: { ip: '10.0.0.7' }, ovenbird: { ip: '10.0.0.254' } });
    const of = (ip: string) => ({ ip, pools: [{ end: '10.0.0.254' }] });
    const both = masks.both({ reference: of('10.0.0.7'), ovenbird: of('10.0.0.254') });
    assert.deepEqual(both.reference, { ip: '{port.ip}', pools: [{ end: '10.0.0.254' }] });
    assert.deepEqual(both.ovenbird, both.reference);
  });
});

test('rows are named by what they are, and references by the row that they lead to', () => {
  const uuid = '33333333-3333-4333-8333-333333333333';
  const named = nameRows(
    {
      Logical_Switch: [{ _uuid: ['uuid', 'x'], name: 'neutron-n', ports: ['set', [['uuid', uuid]]] }],
      Logical_Switch_Port: [
        { _uuid: ['uuid', uuid], name: 'p', up: true, options: ['map', [['k', 'v']]], addresses: 'm b a' },
      ],
    },
    new Masks(),
    'reference',
  );
  assert.deepEqual(named, {
    Logical_Switch: { 'neutron-n': { name: 'neutron-n', ports: ['row p'] } },
    Logical_Switch_Port: { p: { name: 'p', options: { k: 'v' }, addresses: 'a b m' } },
  });
});
