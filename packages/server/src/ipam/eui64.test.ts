import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseCidr, parseIp } from '@ovenbird/api';
import fc from 'fast-check';
import { eui64Address, looksLikeEui64 } from './eui64.ts';

const prefix = (text: string) => {
  const cidr = parseCidr(text);
  assert.ok(cidr);
  return cidr;
};

/** The same rule on octets and text (RFC 4291, appendix A), sharing nothing with the code under test. */
const byOctets = (network: readonly number[], mac: readonly number[]): string => {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = mac;
  const identifier = [a ^ 2, b, c, 0xff, 0xfe, d, e, f];
  const groups = [0, 2, 4, 6].map((at) =>
    (((identifier[at] ?? 0) << 8) | (identifier[at + 1] ?? 0)).toString(16),
  );
  return [...network.map((group) => group.toString(16)), ...groups].join(':');
};

describe('EUI-64 addresses', () => {
  it('are the ones hosts make', () => {
    assert.equal(
      eui64Address(prefix('2001:db8::/64'), 'fa:16:3e:12:34:56').text,
      '2001:db8::f816:3eff:fe12:3456',
    );
    assert.equal(
      eui64Address(prefix('2001:db8:0:1::/64'), '02:00:00:00:00:01').text,
      '2001:db8:0:1:0:ff:fe00:1',
    );
  });

  it('agree with the octet rule for any prefix and MAC', () => {
    const octet = fc.integer({ min: 0, max: 255 });
    const group = fc.integer({ min: 0, max: 0xffff });
    fc.assert(
      fc.property(
        fc.tuple(group, group, group, group),
        fc.tuple(octet, octet, octet, octet, octet, octet),
        (network, mac) => {
          const text = `${network.map((g) => g.toString(16)).join(':')}::/64`;
          const address = eui64Address(
            prefix(text),
            mac.map((part) => part.toString(16).padStart(2, '0')).join(':'),
          );
          assert.equal(address.text, parseIp(byOctets(network, mac))?.text);
          assert.ok(looksLikeEui64(address));
        },
      ),
    );
  });

  it('are told from others', () => {
    for (const [text, expected] of [
      ['2001:db8::f816:3eff:fe12:3456', true],
      ['2001:db8::1', false],
      ['10.0.255.254', false],
    ] as const) {
      const ip = parseIp(text);
      assert.ok(ip);
      assert.equal(looksLikeEui64(ip), expected);
    }
  });
});
