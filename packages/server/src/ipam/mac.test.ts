import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { generateMac, generateMacs } from './mac.ts';
import { systemRandom } from './random.ts';

const fixed = (value: bigint) => ({ below: () => value });

describe('generated MAC addresses', () => {
  it('keep three octets of the base, or four', () => {
    assert.equal(generateMac('fa:16:3e:00:00:00', fixed(0x0a0b0cn)), 'fa:16:3e:0a:0b:0c');
    assert.equal(generateMac('fa:16:3e:4f:00:00', fixed(0x0b0cn)), 'fa:16:3e:4f:0b:0c');
    assert.match(generateMac('fa:16:3e:00:00:00', systemRandom), /^fa:16:3e(:[0-9a-f]{2}){3}$/);
  });

  it('differ from each other and from those to avoid', () => {
    const macs = generateMacs('fa:16:3e:4f:00:00', 2000, systemRandom, new Set(['fa:16:3e:4f:00:01']));
    assert.equal(new Set(macs).size, 2000);
    assert.ok(!macs.includes('fa:16:3e:4f:00:01'));
    let drawn = 0n;
    const counting = {
      below: () => {
        drawn += 1n;
        return drawn;
      },
    };
    assert.deepEqual(generateMacs('fa:16:3e:4f:00:00', 2, counting, new Set(['fa:16:3e:4f:00:02'])), [
      'fa:16:3e:4f:00:01',
      'fa:16:3e:4f:00:03',
    ]);
  });

  it('stop when the generator has no more', () => {
    let draws = 0;
    const same = {
      below: () => {
        draws += 1;
        return 1n;
      },
    };
    assert.deepEqual(generateMacs('fa:16:3e:00:00:00', 3, same, new Set()), ['fa:16:3e:00:00:01']);
    assert.equal(draws, 40);
  });
});
