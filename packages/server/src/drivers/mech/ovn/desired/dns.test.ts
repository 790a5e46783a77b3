import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { dnsUuid } from '../ids.ts';
import { defaultOvnSettings } from '../settings.ts';
import type { NamedPortState } from '../state.ts';
import { desiredDns, reverseName } from './dns.ts';

const networkId = '11111111-1111-4111-8111-111111111111';
const settings = { ...defaultOvnSettings, dnsDomain: 'example.org.' };

const port = (given: Partial<NamedPortState>): NamedPortState => ({
  projectId: 'Red',
  name: 'web',
  domain: '',
  addresses: ['10.0.0.5'],
  ...given,
});

const records = (domain: string, ...ports: readonly NamedPortState[]) => {
  const [row] = desiredDns({ networkId, domain, ports }, settings).rows;
  return Object.fromEntries(
    row?.table === 'DNS' ? ((row.columns as { records: Map<string, string> }).records ?? []) : [],
  );
};

describe('names of a network', () => {
  it('are one row of its switch', () => {
    const { rows, members } = desiredDns({ networkId, domain: '', ports: [port({})] }, settings);
    const uuid = dnsUuid(networkId);
    assert.deepEqual(
      rows.map((row) => ({ ...row, columns: Object.keys(row.columns) })),
      [{ table: 'DNS', uuid, columns: ['records', 'external_ids'] }],
    );
    assert.deepEqual(members, [{ column: 'Logical_Switch.dns_records', parent: networkId, element: uuid }]);
  });

  it('are hostname, full name and the name of each address', () => {
    assert.deepEqual(records('', port({ addresses: ['10.0.0.5', '2001:db8::5'] })), {
      web: '10.0.0.5 2001:db8::5',
      'web.example.org': '10.0.0.5 2001:db8::5',
      '5.0.0.10.in-addr.arpa': 'web.example.org',
      '5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa': 'web.example.org',
    });
  });

  it('also stand in the domains of network and port', () => {
    const names = (domain: string, given: Partial<NamedPortState>) =>
      Object.keys(records(domain, port(given))).filter((name) => !name.endsWith('.arpa'));
    assert.deepEqual(names('net.example.', { domain: 'own.example.' }), [
      'web',
      'web.example.org',
      'web.net.example',
      'web.own.example',
    ]);
    assert.deepEqual(names('example.org.', {}), ['web', 'web.example.org']);
    assert.deepEqual(names('<project_id>.example.', {}), ['web', 'web.example.org', 'web.red.example']);
    assert.deepEqual(names('<user_name>.example.', {}), ['web', 'web.example.org']);
    assert.deepEqual(names('net.example.', { name: 'web.example.org.' }), ['web.example.org']);
  });

  it('that several ports have lead to all of them, whatever goes first', () => {
    const both = records('', port({}), port({ addresses: ['10.0.0.6'] }));
    assert.equal(both.web, '10.0.0.5 10.0.0.6');
    assert.equal(both['6.0.0.10.in-addr.arpa'], 'web.example.org');
    assert.equal(records('', port({ addresses: ['10.0.0.6'] })).web, '10.0.0.6');
  });

  it('are no row where there are none, or the deployment has no domain', () => {
    assert.deepEqual(desiredDns({ networkId, domain: '', ports: [] }, settings).rows, []);
    const unnamed = desiredDns({ networkId, domain: '', ports: [port({})] }, defaultOvnSettings);
    assert.deepEqual(unnamed, { rows: [], members: [] });
  });
});

describe('reverse names', () => {
  it('of addresses with and without zeros left out', () => {
    const zeros = (count: number) => '0.'.repeat(count);
    assert.equal(reverseName('192.0.2.17'), '17.2.0.192.in-addr.arpa');
    assert.equal(reverseName('::'), `${zeros(32)}ip6.arpa`);
    assert.equal(reverseName('::1'), `1.${zeros(31)}ip6.arpa`);
    assert.equal(reverseName('fd00::'), `${zeros(28)}0.0.d.f.ip6.arpa`);
    assert.equal(
      reverseName('2001:db8:1:2:3:4:5:678'),
      '8.7.6.0.5.0.0.0.4.0.0.0.3.0.0.0.2.0.0.0.1.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa',
    );
  });
});
