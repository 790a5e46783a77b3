import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  type Candidate,
  GatewayLoad,
  type GatewayScheduler,
  MAX_GATEWAY_CHASSIS,
  scheduleGateway,
} from './schedule.ts';

const candidate = (name: string, zones: readonly string[] = [], alive = true): Candidate => ({
  name,
  zones,
  alive,
});

const schedule = (given: Partial<Parameters<typeof scheduleGateway>[0]>) =>
  scheduleGateway({
    routerId: 'r',
    candidates: [],
    current: [],
    scheduler: 'leastloaded',
    load: new GatewayLoad(),
    random: () => 0,
    ...given,
  });

describe('a gateway', () => {
  const three = ['a', 'b', 'c'].map((name) => candidate(name));

  it('goes to the chassis that carries the fewest at that priority', () => {
    const load = new GatewayLoad();
    load.add('a', 3, 2);
    load.add('b', 3, 1);
    load.add('b', 2, 1);
    assert.deepEqual(schedule({ candidates: three, load })[0], 'c');
    load.add('c', 3, 2);
    assert.deepEqual(schedule({ candidates: three, load })[0], 'b');
  });

  it('goes, among equals, to the one that stands by for more', () => {
    const load = new GatewayLoad();
    load.add('b', 1, 1);
    assert.equal(schedule({ candidates: three, load })[0], 'b');
  });

  it('stays on what carries it; what is gone is dropped and the free places are filled behind', () => {
    const load = new GatewayLoad();
    load.add('b', 3, 9);
    const moved = schedule({ candidates: three, current: ['gone', 'b'], load });
    assert.equal(moved[0], 'b');
    assert.deepEqual(moved.toSorted(), ['a', 'b', 'c']);
    assert.deepEqual(schedule({ candidates: three, current: ['c', 'a', 'b'], load }), ['c', 'a', 'b']);
  });

  it('has its second choice in another zone, and no dead chassis before a live one', () => {
    const zoned = [
      candidate('a1', ['a']),
      candidate('a2', ['a']),
      candidate('a3', ['a']),
      candidate('b1', ['b']),
      candidate('b2', ['b'], false),
    ];
    const load = new GatewayLoad();
    load.add('b1', 5, 1);
    const order = schedule({ candidates: zoned, load });
    assert.ok(order[0]?.startsWith('a'));
    assert.equal(order[1], 'b1');
    assert.equal(order[4], 'b2');
  });

  it('has no place where there are no candidates', () => assert.deepEqual(schedule({}), []));
});

const names = fc.uniqueArray(fc.constantFrom(...'abcdefghij'), { maxLength: 10 });
const scheduler = fc.constantFrom<GatewayScheduler>('leastloaded', 'chance');
const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }).map((value) => () => value);

describe('for any chassis and any history, a schedule', () => {
  it('holds as many different candidates as there may be, those that stay first and in order', () => {
    fc.assert(
      fc.property(names, names, scheduler, random, fc.string(), (able, current, how, fraction, routerId) => {
        const candidates = able.map((name, index) => candidate(name, [`z${index % 3}`], index % 4 !== 0));
        const order = schedule({ routerId, candidates, current, scheduler: how, random: fraction });
        assert.equal(order.length, Math.min(MAX_GATEWAY_CHASSIS, able.length));
        assert.equal(new Set(order).size, order.length);
        assert.ok(order.every((name) => able.includes(name)));
        const kept = current.filter((name) => able.includes(name)).slice(0, MAX_GATEWAY_CHASSIS);
        assert.deepEqual(order.slice(0, kept.length), kept);
        const again = schedule({ routerId, candidates, current: order, scheduler: how, random: fraction });
        assert.deepEqual(again, order);
      }),
    );
  });

  it('spreads gateways evenly, at every priority, whatever the routers are called', () => {
    const routers = fc.uniqueArray(fc.uuid(), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(routers, fc.integer({ min: 1, max: 8 }), (ids, count) => {
        const candidates = Array.from({ length: count }, (_, index) => candidate(`ch${index}`));
        const load = new GatewayLoad();
        for (const routerId of ids) {
          const order = schedule({ routerId, candidates, load });
          for (const [index, name] of order.entries()) load.add(name, order.length - index);
        }
        const first = candidates.map(({ name }) => load.at(name, Math.min(count, MAX_GATEWAY_CHASSIS)));
        assert.ok(Math.max(...first) - Math.min(...first) <= 1, `${first}`);
      }),
      { numRuns: 50 },
    );
  });
});
