import assert from 'node:assert/strict';
import { it } from 'node:test';
import { barText, createProgress } from './progress.ts';

it('a bar tells the share, the numbers and the time that is left', () => {
  assert.equal(barText('repairing', 0, 0, 1), `repairing ${'█'.repeat(30)} 100 % (0/0)`);
  assert.equal(
    barText('repairing', 500, 1_000, 4),
    `repairing ${'█'.repeat(15)}${'░'.repeat(15)} 50 % (500/1000, 4 s left)`,
  );
  assert.match(barText('repairing', 0, 10, 9), / 0 % \(0\/10\)$/);
});

it('a bar is drawn on a terminal, goes at the end, and leaves pipes clean', () => {
  const drawn = (isTTY: boolean): string => {
    let text = '';
    const write = (part: string | Uint8Array): boolean => {
      text += String(part);
      return true;
    };
    {
      using bar = createProgress('comparing', { isTTY, write });
      bar.update(1, 2);
    }
    return text;
  };
  assert.equal(drawn(false), '');
  const clear = '\r\u001b[K';
  const [before, line, after] = drawn(true).split(clear);
  assert.deepEqual([before, after], ['', '']);
  assert.match(line ?? '', /^comparing █+░+ 50 % \(1\/2, \d+ s left\)$/);
});
