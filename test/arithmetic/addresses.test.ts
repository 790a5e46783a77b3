import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { test } from 'node:test';
import { bitsOf, type Cidr, contains, type IpAddress, ipFromValue, parseCidr, parseIp } from '@ovenbird/api';
import { rangeBetween, sizeOf } from '../../packages/server/src/ipam/address-range.ts';
import { eui64Address } from '../../packages/server/src/ipam/eui64.ts';
import { hostRange, wholeRange } from '../../packages/server/src/ipam/pools.ts';
import {
  blocksOf,
  blockText,
  difference,
  intersects,
  type PrefixSet,
  prefixSet,
} from '../../packages/server/src/ipam/prefix-set.ts';
import { createRandom } from '../fuzz/random.ts';

interface Case {
  readonly prefixes: readonly string[];
  readonly taken: readonly string[];
  readonly ends: readonly [string, string];
  readonly address: string;
  readonly prefix64: string;
  readonly mac: string;
}

const CASES = 2_000;
const random = createRandom(20_261_121);

/** A number of so many bits, at times with few of them set. */
const bits = (count: number): bigint => {
  let value = 0n;
  const dense = random.chance(0.7);
  for (let bit = 0; bit < count; bit += 1)
    value = (value << 1n) | (random.chance(dense ? 0.5 : 0.05) ? 1n : 0n);
  return value;
};

/** IPv6 text without any zeros left out, in capitals: as valid as the short one. */
const long = (value: bigint): string =>
  (value.toString(16).toUpperCase().padStart(32, '0').match(/.{4}/g) ?? []).join(':');

const addressText = (version: 4 | 6, value: bigint): string =>
  version === 6 && random.chance(0.3) ? long(value) : ipFromValue(version, value).text;

/** Prefixes near each other, so that they meet: most of their bits are those of `base`. */
const near = (version: 4 | 6, base: bigint, count: number): readonly string[] =>
  Array.from({ length: count }, () => {
    const width = bitsOf(version);
    const low = random.chance(0.8) ? 6 : width;
    const value = ((base >> BigInt(low)) << BigInt(low)) | bits(low);
    const length = random.chance(0.8) ? width - random.below(7) : random.below(width + 1);
    return `${addressText(version, value)}/${length}`;
  });

const newCase = (): Case => {
  const version = random.pick([4, 6] as const);
  const width = bitsOf(version);
  const base = bits(width);
  const around = (): string => addressText(version, ((base >> 8n) << 8n) | bits(8));
  const ends: readonly [string, string] = [around(), around()];
  const mac = bits(48).toString(16).padStart(12, '0');
  return {
    prefixes: near(version, base, 1 + random.below(6)),
    taken: near(version, base, 1 + random.below(5)),
    ends,
    address: around(),
    prefix64: `${ipFromValue(6, bits(64) << 64n).text}/64`,
    mac: (mac.match(/../g) ?? []).join(':'),
  };
};

const prefix = (text: string): Cidr => {
  const cidr = parseCidr(text);
  assert.ok(cidr, text);
  return cidr;
};
const address = (text: string): IpAddress => {
  const ip = parseIp(text);
  assert.ok(ip, text);
  return ip;
};
const texts = (set: PrefixSet): readonly string[] => blocksOf(set).map(blockText);

/** The same answers as the oracle gives, from our own arithmetic. */
const ours = (given: Case) => {
  const prefixes = given.prefixes.map(prefix);
  const taken = given.taken.map(prefix);
  const [one, other] = [prefixes[0], taken[0]];
  assert.ok(one && other);
  const text = (value: bigint): string => ipFromValue(one.version, value).text;
  const whole = wholeRange(one);
  const hosts = one.version === 6 && one.prefix >= 127 ? undefined : hostRange(one);
  const [low, high] = given.ends.map(address).toSorted((a, b) => (a.value < b.value ? -1 : 1));
  const range = rangeBetween(low?.text ?? '', high?.text ?? '');
  return {
    canonical: one.canonical,
    first: text(whole.first),
    last: text(whole.last),
    size: String(sizeOf(whole)),
    hosts: hosts === undefined ? null : [text(hosts.first), text(hosts.last)],
    address: address(given.address).text,
    contains: contains(one, address(given.address)),
    overlaps: intersects(prefixSet([one]), prefixSet([other])),
    collapsed: texts(prefixSet(prefixes)),
    left: texts(difference(prefixSet(prefixes), prefixSet(taken))),
    range: range === undefined ? [] : texts([range]),
    eui64: eui64Address(prefix(given.prefix64), given.mac).text,
  };
};

test(`${CASES} random prefixes, ranges and addresses come to what Python's ipaddress says`, () => {
  const cases = Array.from({ length: CASES }, newCase);
  const ended = spawnSync('/usr/bin/python3', [path.join(import.meta.dirname, 'oracle.py')], {
    input: JSON.stringify(cases),
    encoding: 'utf8',
    maxBuffer: 50_000_000,
  });
  assert.equal(ended.status, 0, ended.stderr);
  const expected: readonly ReturnType<typeof ours>[] = JSON.parse(ended.stdout);
  assert.equal(expected.length, CASES);
  for (const [index, one] of cases.entries())
    assert.deepEqual(ours(one), expected[index], JSON.stringify(one));
  // The cases are about something: neither question has always the same answer.
  for (const question of ['contains', 'overlaps'] as const)
    assert.equal(new Set(expected.map((each) => each[question])).size, 2);
  assert.ok(expected.filter(({ left }) => left.length > 1).length > CASES / 10);
});
