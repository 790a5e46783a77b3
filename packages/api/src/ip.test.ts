import assert from 'node:assert/strict';
import { BlockList, isIP } from 'node:net';
import { test } from 'node:test';
import fc from 'fast-check';
import { contains, ipFromValue, isMulticast, overlaps, parseCidr, parseIp } from './ip.ts';

const octet = fc.integer({ min: 0, max: 300 }).map(String);
const zeroed = fc.tuple(fc.constantFrom('', '0', '00'), octet).map(([zeros, text]) => zeros + text);
const ipv4Like = fc.array(zeroed, { minLength: 3, maxLength: 5 }).map((parts) => parts.join('.'));
const group = fc.constantFrom('', '0', '00', '1', 'ffff', 'AbC', '12345', 'g');
const ipv6Like = fc.array(group, { minLength: 2, maxLength: 9 }).map((parts) => parts.join(':'));
const mixed = fc.tuple(ipv6Like, ipv4Like).map(([six, four]) => `${six}:${four}`);
const blank = fc
  .tuple(fc.constantFrom('', ' ', '\n'), fc.oneof(ipv4Like, ipv6Like))
  .map((parts) => parts.join(''));
const numberOf = (version: 4 | 6) =>
  fc.bigInt({ min: 0n, max: version === 4 ? (1n << 32n) - 1n : (1n << 128n) - 1n });
const address = fc.oneof(
  numberOf(4).map((value) => ipFromValue(4, value)),
  numberOf(6).map((value) => ipFromValue(6, value)),
);

test('a text is an address exactly when node:net says so', () => {
  fc.assert(
    fc.property(fc.oneof(ipv4Like, ipv6Like, mixed, blank, fc.ipV4(), fc.ipV6(), fc.string()), (text) => {
      const oracle = text.includes('%') ? 0 : isIP(text);
      assert.equal(parseIp(text)?.version ?? 0, oracle, text);
    }),
    { numRuns: 3000 },
  );
});

test('the canonical IPv6 text is the one of the URL standard, but for mapped addresses', () => {
  fc.assert(
    fc.property(fc.ipV6(), (text) => {
      const ip = parseIp(text);
      assert.ok(ip !== undefined);
      const url = new URL(`http://[${text}]/`).hostname.slice(1, -1);
      if (ip.value >> 32n !== 0xffffn) assert.equal(ip.text, url);
    }),
    { numRuns: 2000 },
  );
  assert.equal(parseIp('::FFFF:102:304')?.text, '::ffff:1.2.3.4');
  assert.equal(parseIp('::1.2.3.4')?.text, '::102:304');
});

test('number, text and address name each other', () => {
  fc.assert(
    fc.property(address, (ip) => {
      assert.deepEqual(parseIp(ip.text), ip);
      assert.deepEqual(ipFromValue(ip.version, ip.value), ip);
    }),
  );
  assert.throws(() => ipFromValue(4, 1n << 32n), RangeError);
  assert.throws(() => ipFromValue(6, -1n), RangeError);
});

test('an address lies inside a prefix exactly when node:net says so', () => {
  const near = fc.tuple(address, fc.nat(128), fc.integer({ min: -3, max: 3 }));
  fc.assert(
    fc.property(near, address, ([base, length, offset], other) => {
      const bits = base.version === 4 ? 32 : 128;
      const cidr = parseCidr(`${base.text}/${length % (bits + 1)}`);
      assert.ok(cidr !== undefined);
      const list = new BlockList();
      list.addSubnet(cidr.network.text, cidr.prefix, base.version === 4 ? 'ipv4' : 'ipv6');
      const moved = base.value + BigInt(offset);
      const close = moved < 0n || moved >> BigInt(bits) !== 0n ? base : ipFromValue(base.version, moved);
      for (const ip of [close, other]) {
        if (ip.version !== base.version) assert.equal(contains(cidr, ip), false);
        else assert.equal(contains(cidr, ip), list.check(ip.text, ip.version === 4 ? 'ipv4' : 'ipv6'));
      }
    }),
  );
});

test('two prefixes overlap exactly when one holds the network address of the other', () => {
  const cidr = fc.tuple(numberOf(4), fc.nat(32)).map(([value, length]) => {
    const parsed = parseCidr(`${ipFromValue(4, value).text}/${length}`);
    assert.ok(parsed !== undefined);
    return parsed;
  });
  fc.assert(
    fc.property(cidr, cidr, (a, b) => {
      assert.equal(overlaps(a, b), contains(a, b.network) || contains(b, a.network));
    }),
  );
});

test('prefixes: forms, host bits, bounds', () => {
  const rows: readonly [string, string | undefined, string | undefined][] = [
    ['10.0.0.7/24', '10.0.0.7/24', '10.0.0.0/24'],
    ['10.0.0.7', '10.0.0.7/32', '10.0.0.7/32'],
    ['10.0.0.7/255.255.255.0', '10.0.0.7/24', '10.0.0.0/24'],
    ['10.0.0.0/0.0.0.0', '10.0.0.0/0', '0.0.0.0/0'],
    ['10.0.0.0/255.0.255.0', undefined, undefined],
    ['10.0.0.0/33', undefined, undefined],
    ['10.0.0.0/-1', undefined, undefined],
    ['10.0.0.0/', undefined, undefined],
    ['10.0.0/8', undefined, undefined],
    ['2001:DB8::1/64', '2001:db8::1/64', '2001:db8::/64'],
    ['2001:db8::/129', undefined, undefined],
    ['2001:db8::/255.255.0.0', undefined, undefined],
    ['fe80::1%eth0/64', undefined, undefined],
  ];
  for (const [given, text, canonical] of rows) {
    const cidr = parseCidr(given);
    assert.equal(cidr?.text, text, given);
    assert.equal(cidr?.canonical, canonical, given);
  }
});

test('multicast ranges end where they should', () => {
  const isMulticastText = (text: string): boolean => {
    const ip = parseIp(text);
    assert.ok(ip !== undefined);
    return isMulticast(ip);
  };
  for (const yes of ['224.0.0.0', '239.255.255.255', 'ff00::', 'ff02::1'])
    assert.ok(isMulticastText(yes), yes);
  for (const no of ['223.255.255.255', '240.0.0.0', 'feff::', '::ff00']) assert.ok(!isMulticastText(no), no);
});
