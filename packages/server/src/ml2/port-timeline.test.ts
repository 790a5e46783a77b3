import assert from 'node:assert/strict';
import { it } from 'node:test';
import { shownStages, together, withStage } from './port-timeline.ts';

it('keeps the first time of what happens once, and the last of what happens at every plug', () => {
  const first = withStage(withStage({}, 'stored', 5), 'stored', 9);
  assert.deepEqual(first, { stored: 5 });
  const plugged = withStage(withStage(withStage(first, 'claimed', 10), 'up', 20), 'active', 21);
  assert.deepEqual(plugged, { stored: 5, claimed: 10, up: 20, active: 21 });
  assert.deepEqual(withStage(plugged, 'claimed', 5_000), { stored: 5, claimed: 5_000 });
  // The state of a port may be heard of before its claim.
  assert.deepEqual(withStage({ stored: 5, active: 21 }, 'claimed', 30), {
    stored: 5,
    claimed: 30,
    active: 21,
  });
});

it('joins what two processes know', () => {
  assert.deepEqual(together({ requested: 1, northbound: 8, up: 20 }, { northbound: 7, up: 25, active: 26 }), {
    requested: 1,
    northbound: 7,
    up: 25,
    active: 26,
  });
});

it('leaves out what belongs to an earlier plug, whoever knows of it, but not what clocks make earlier', () => {
  const kept = { stored: 5, claimed: 10_000, up: 20_000, active: 20_001, notified: 20_002 };
  assert.deepEqual(together(kept, { claimed: 90_000 }), { stored: 5, claimed: 90_000 });
  assert.deepEqual(together({ claimed: 90_000 }, kept), { stored: 5, claimed: 90_000 });
  assert.deepEqual(together(kept, { claimed: 20_500, up: 20_600 }), {
    ...kept,
    claimed: 20_500,
    up: 20_600,
  });
  assert.deepEqual(together(kept, { up: 95_000 }), { ...kept, up: 95_000 });
});

it('is shown in order with the time since the first and since the one before', () => {
  assert.deepEqual(shownStages({}), []);
  assert.deepEqual(shownStages({ up: 1_500, stored: 1_000, northd: 1_200 }), [
    { name: 'stored', at: '1970-01-01T00:00:01.000Z', milliseconds: 0, since_previous: 0 },
    { name: 'northd', at: '1970-01-01T00:00:01.200Z', milliseconds: 200, since_previous: 200 },
    { name: 'up', at: '1970-01-01T00:00:01.500Z', milliseconds: 500, since_previous: 300 },
  ]);
});

it('is shown without time that runs backwards where clocks differ', () => {
  const shown = shownStages({ stored: 1_000, northbound: 990, northd: 1_010 });
  assert.deepEqual(
    shown.map(({ milliseconds, since_previous }) => [milliseconds, since_previous]),
    [
      [0, 0],
      [0, 0],
      [10, 20],
    ],
  );
});
