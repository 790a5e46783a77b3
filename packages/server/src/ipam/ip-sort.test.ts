import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ipFromValue } from '@ovenbird/api';
import fc from 'fast-check';
import { ipFromSort, ipSort, ipSortOf, ipSortValue } from './ip-sort.ts';

const ip = fc.oneof(
  fc.bigInt(0n, 2n ** 32n - 1n).map((value) => ipFromValue(4, value)),
  fc.bigInt(0n, 2n ** 128n - 1n).map((value) => ipFromValue(6, value)),
);

describe('ip_sort text', () => {
  it('has a fixed width for each version', () => {
    assert.equal(ipSortOf(4, 1n), '00000001');
    assert.equal(ipSortOf(4, 0xc0000201n), 'c0000201');
    assert.equal(ipSortOf(6, 1n), '00000000000000000000000000000001');
  });

  it('names exactly one address', () => {
    fc.assert(
      fc.property(ip, (address) => {
        assert.deepEqual(ipFromSort(ipSort(address)), address);
        assert.equal(ipSortValue(ipSort(address)), address.value);
      }),
    );
  });

  it('sorts as text the way addresses sort as numbers', () => {
    fc.assert(
      fc.property(fc.constantFrom(4 as const, 6 as const), fc.nat(), fc.nat(), (version, a, b) => {
        const textOrder = Math.sign(Number(ipSortOf(version, BigInt(a)) > ipSortOf(version, BigInt(b))));
        assert.equal(textOrder, Number(a > b));
      }),
    );
  });
});
