import assert from 'node:assert/strict';
import { it } from 'node:test';
import { countAddresses, shownCount, totalOf } from './count-addresses.ts';

const four = (cidr: string, pools: readonly { start: string; end: string }[] = []) =>
  ({ ip_version: 4, cidr, pools }) as const;

it('small prefixes have few hosts, and none less than none', () => {
  for (const [cidr, hosts] of [
    ['10.0.0.0/30', 2n],
    ['10.0.0.0/31', 0n],
    ['10.0.0.0/32', 0n],
  ] as const)
    assert.equal(countAddresses(four(cidr), []).inSubnet, hosts, cidr);
});

it('several pools add up, and an address counts in the one that has it', () => {
  const subnet = four('10.0.0.0/24', [
    { start: '10.0.0.1', end: '10.0.0.9' },
    { start: '10.0.0.20', end: '10.0.0.20' },
  ]);
  const taken = [9, 10, 20].map((host) => BigInt(10 * 2 ** 24 + host));
  const counts = countAddresses(subnet, taken);
  assert.deepEqual(counts, { inSubnet: 254n, inPools: 10n, used: 3, usedInPools: 2 });
  assert.equal(totalOf(subnet, counts), 10n);
});

it('without pools the whole prefix counts', () => {
  const subnet = { ip_version: 6, cidr: '2001:db8::/48', pools: [] } as const;
  assert.equal(totalOf(subnet, countAddresses(subnet, [])), 2n ** 80n);
});

it('a count is written digit by digit', () => {
  assert.equal(
    JSON.stringify([7n, 2n ** 53n - 1n, 2n ** 53n + 1n, 2n ** 80n].map(shownCount)),
    '[7,9007199254740991,9007199254740993,1208925819614629174706176]',
  );
});
