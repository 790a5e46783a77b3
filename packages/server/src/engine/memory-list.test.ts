import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ApiError, agent, parseListQuery } from '@ovenbird/api';
import fc from 'fast-check';
import { compilePolicy } from '../policy/policy.ts';
import { selectInMemory } from './memory-list.ts';
import { planOf } from './plan.ts';

const plan = planOf(agent, compilePolicy({ get_agent: '@' }));
const agents = [
  { id: 'a', host: 'h1', alive: true, binary: 'x' },
  { id: 'b', host: 'h2', alive: false, binary: 'x' },
  { id: 'c', host: 'h1', alive: true, binary: 'y' },
  { id: 'd', host: null, alive: true, binary: 'y' },
];
const ids = (query: string): string =>
  selectInMemory(plan, parseListQuery(agent, new URLSearchParams(query)), agents)
    .map(({ id }) => String(id))
    .join('');

describe('lists of what is not in SQL', () => {
  test('filter by equality, repeated keys being alternatives', () => {
    assert.equal(ids('host=h1'), 'ac');
    assert.equal(ids('host=h1&host=h2'), 'abc');
    assert.equal(ids('host=h1&binary=y'), 'c');
    assert.equal(ids('alive=false'), 'b');
    assert.equal(ids('host=nowhere'), '');
  });

  test('sort, with absent values first', () => {
    assert.equal(ids('sort_key=host&sort_dir=asc'), 'dacb');
    assert.equal(ids('sort_key=host&sort_dir=desc'), 'bacd');
    assert.equal(ids('sort_key=binary&sort_key=id&sort_dir=desc&sort_dir=desc'), 'dcba');
  });

  test('page forwards and backwards', () => {
    assert.equal(ids('limit=3'), 'abc');
    assert.equal(ids('limit=3&marker=c'), 'd');
    assert.equal(ids('limit=2&marker=d&page_reverse=True'), 'bc');
    assert.equal(ids('limit=2&page_reverse=True'), 'cd');
    assert.throws(() => ids('limit=2&marker=nowhere'), ApiError);
  });

  test('all pages together are the list, for any order and page size', () => {
    const keys = fc.constantFrom('id', 'host', 'binary', 'alive');
    fc.assert(
      fc.property(
        keys,
        fc.constantFrom('asc', 'desc'),
        fc.integer({ min: 1, max: 5 }),
        (key, direction, limit) => {
          const order = `sort_key=${key}&sort_dir=${direction}`;
          const whole = ids(order);
          let seen = '';
          for (;;) {
            const page: string = ids(`${order}&limit=${limit}${seen === '' ? '' : `&marker=${seen.at(-1)}`}`);
            if (page === '') break;
            seen += page;
          }
          assert.equal(seen, whole);
        },
      ),
    );
  });
});
