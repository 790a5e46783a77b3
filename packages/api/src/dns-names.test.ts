import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { namerIn, namesPorts } from './dns-names.ts';
import { dnsDomain, dnsName, relativeDnsName } from './validators/dns.ts';

const name = (hostname: string, fqdn: string, ip_address = '10.0.0.5') => [{ ip_address, hostname, fqdn }];

describe('names of addresses', () => {
  it('are the name of the port in the domain of the deployment', () => {
    const expected = name('vm', 'vm.example.org.');
    assert.deepEqual(namerIn('example.org.')('vm', ['10.0.0.5']), expected);
    assert.deepEqual(namerIn('Example.org')('vm', ['10.0.0.5']), expected);
    const absolute = name('vm.example.org.', 'vm.example.org.');
    assert.deepEqual(namerIn('example.org')('vm.example.org.', ['10.0.0.5']), absolute);
    assert.deepEqual(namerIn('example.org')('vm', []), []);
  });

  it('come from the address where the port has no name, or none counts', () => {
    const made = name('host-10-0-0-5', 'host-10-0-0-5.example.org.');
    assert.deepEqual(namerIn('example.org')('', ['10.0.0.5']), made);
    const v6 = name('host-2001-db8--7', 'host-2001-db8--7.openstacklocal.', '2001:db8::7');
    assert.deepEqual(namerIn('openstacklocal')('vm', ['2001:db8::7']), v6);
    assert.deepEqual(namerIn('')('vm', ['10.0.0.5']), name('host-10-0-0-5', 'host-10-0-0-5'));
  });

  it('of ports count in a domain of their own only', () => {
    const domains = ['example.org', 'example.org.', '', 'openstacklocal', 'openstacklocal.'];
    assert.deepEqual(domains.map(namesPorts), [true, true, false, false, false]);
  });
});

describe('what is a name', () => {
  const label = 'a'.repeat(63);
  const long = `${label}.${label}.${label}.${'b'.repeat(61)}`;
  for (const [type, good, bad] of [
    [
      dnsName,
      ['', 'vm', 'VM-1', 'a.b.c', 'vm.example.org.', '9', label, '<project_id>.x', long],
      ['-a', 'a-', 'a..b', '.', 'a_b', 'a b', 'a.9', `${label}a`, `${long}.ccc`, '<name>', 'ä', 7, null],
    ],
    [dnsDomain, ['', 'example.org.', 'x.', '<project_id>.org.'], ['example.org', 'x', `${long}.`, '.', null]],
    [relativeDnsName, ['', 'vm', 'vm.sub'], ['vm.', long, 'a..b', {}]],
  ] as const)
    it(`for ${type.name}`, () => {
      for (const text of good)
        assert.deepEqual(type.parse(text), { ok: true, value: text.toLowerCase() }, `${text}`);
      for (const value of bad) assert.equal(type.parse(value).ok, false, `${value}`);
    });
});
