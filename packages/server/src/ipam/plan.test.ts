import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  AllocationOnAutoAddressSubnet,
  ApiError,
  type FixedIp,
  type FixedIpRequest,
  InvalidInput,
  InvalidIpForNetwork,
  InvalidIpForSubnet,
  IpAddressGenerationFailureNoMatchingSubnet,
} from '@ovenbird/api';
import fc from 'fast-check';
import { type IpamSubnet, ipamSubnet } from './ipam-subnet.ts';
import { type AddressWant, foreignSubnets, planNewPort, planPortUpdate } from './plan.ts';

const subnet = (
  id: string,
  cidr: string,
  more: Partial<IpamSubnet> & { readonly mode?: string } = {},
): IpamSubnet => ({
  ...ipamSubnet({
    id,
    network_id: 'net',
    ip_version: cidr.includes(':') ? 6 : 4,
    cidr,
    allocation_pools: '[]',
    gateway_ip: null,
    ipv6_ra_mode: more.mode ?? null,
    ipv6_address_mode: null,
    enable_dhcp: 1,
    segment_id: null,
    service_types: '[]',
  }),
  ...more,
});

const v4 = subnet('v4', '10.0.0.0/24');
const v4b = subnet('v4b', '10.0.1.0/24');
const v6 = subnet('v6', '2001:db8:0:6::/64', { mode: 'dhcpv6-stateful' });
const slaac = subnet('slaac', '2001:db8:0:a::/64', { mode: 'slaac' });
const all = [v4, v4b, v6, slaac];
const MAC = 'fa:16:3e:00:00:01';
const DERIVED = '2001:db8:0:a:f816:3eff:fe00:1';
const STATEFUL = '2001:db8:0:6:f816:3eff:fe00:1';
const port = { networkId: 'net', deviceOwner: '', macAddress: MAC };
const router = { ...port, deviceOwner: 'network:router_interface' };

const shown = (wants: readonly AddressWant[]): readonly string[] =>
  wants.map((want) =>
    want.kind === 'exact'
      ? `${want.subnet.id} ${want.address.text}`
      : `${want.kind}${want.next ? ' next' : ''} of ${want.subnets.map((one) => one.id).join(',')}`,
  );

const plan = (fixedIps: readonly FixedIpRequest[] | undefined, subnets = all, who = port) =>
  shown(planNewPort(who, fixedIps, subnets));

describe('addresses of a new port', () => {
  const cases: readonly (readonly [string, () => readonly string[], readonly string[]])[] = [
    ['unspecified', () => plan(undefined), ['any of v4,v4b', 'any of v6', `slaac ${DERIVED}`]],
    ['empty', () => plan([]), []],
    ['by subnet', () => plan([{ subnet_id: 'v4b' }]), ['any of v4b', `slaac ${DERIVED}`]],
    ['by address', () => plan([{ ip_address: '10.0.1.9' }]), ['v4b 10.0.1.9', `slaac ${DERIVED}`]],
    ['by automatic subnet', () => plan([{ subnet_id: 'slaac' }]), [`slaac ${DERIVED}`]],
    ['by derived address', () => plan([{ ip_address: DERIVED }]), [`slaac ${DERIVED}`]],
    [
      'two of one subnet',
      () => plan([{ subnet_id: 'v4' }, { subnet_id: 'v4' }], [v4]),
      ['any of v4', 'any of v4'],
    ],
    [
      'for DHCP',
      () => plan(undefined, all, { ...port, deviceOwner: 'network:dhcp' }),
      ['any next of v4,v4b', 'any next of v6', `slaac ${DERIVED}`],
    ],
    ['for a router', () => plan(undefined, all, router), ['any of v4,v4b', 'any of v6']],
    ['for a router by automatic subnet', () => plan([{ subnet_id: 'slaac' }], all, router), ['any of slaac']],
    [
      'for a router by address',
      () => plan([{ ip_address: '2001:db8:0:a::' }], all, router),
      ['slaac 2001:db8:0:a::'],
    ],
    ['of a network without subnets', () => plan(undefined, []), []],
  ];
  for (const [name, actual, expected] of cases) {
    it(`are right when ${name}`, () => assert.deepEqual(actual(), expected));
  }

  it('prefer subnets made for the owner, and avoid those made for others', () => {
    const nova = subnet('nova', '10.2.0.0/24', { serviceTypes: ['compute:nova'] });
    const gateway = subnet('gateway', '10.3.0.0/24', { serviceTypes: ['network:router_gateway'] });
    const mixed = [v4, nova, gateway];
    assert.deepEqual(plan(undefined, mixed), ['any of v4']);
    assert.deepEqual(plan(undefined, mixed, { ...port, deviceOwner: 'compute:nova' }), ['any of nova,v4']);
    assert.deepEqual(plan(undefined, [gateway], { ...port, deviceOwner: 'network:dhcp' }), [
      'any next of gateway',
    ]);
    assert.throws(
      () => plan(undefined, [nova]),
      (error: unknown) =>
        IpAddressGenerationFailureNoMatchingSubnet.is(error) && /\bnet\b/.test(String(error)),
    );
  });

  it('are refused where they cannot be, with the reason', () => {
    const input = 'Invalid input for operation: ';
    const refusals: readonly (readonly [
      readonly FixedIpRequest[],
      { is(error: unknown): boolean },
      string,
    ])[] = [
      [
        [{ subnet_id: 'other' }],
        InvalidInput,
        `${input}Failed to create port on network net, because fixed_ips included invalid subnet other.`,
      ],
      [[{}], InvalidInput, `${input}IP allocation requires subnet_id or ip_address.`],
      [[{ ip_address: 'x' }], InvalidInput, `${input}'x' is not a valid IP address.`],
      [[{ ip_address: '10.9.0.1' }], InvalidIpForNetwork, '10.9.0.1'],
      [[{ ip_address: '10.0.0.0' }], InvalidIpForNetwork, '10.0.0.0'],
      [[{ ip_address: '10.0.0.255', subnet_id: 'v4' }], InvalidIpForSubnet, '10.0.0.255'],
      [[{ ip_address: '10.0.1.1', subnet_id: 'v4' }], InvalidIpForSubnet, '10.0.1.1'],
      [[{ ip_address: '2001:db8:0:a::7' }], AllocationOnAutoAddressSubnet, '2001:db8:0:a::7 slaac'],
    ];
    for (const [fixedIps, type, words] of refusals)
      assert.throws(
        () => plan(fixedIps),
        (error: unknown) =>
          type.is(error) &&
          error instanceof ApiError &&
          (type === InvalidInput
            ? error.message === words
            : words.split(' ').every((word) => error.message.includes(word))),
        words,
      );
    assert.throws(() => plan([{ ip_address: '10.0.0.1' }], []), {
      message: `${input}IP allocation requires subnets for network.`,
    });
    assert.deepEqual(plan([{ subnet_id: 'v4', delete_subnet: true }], [v4]), []);
  });
});

const has = (...ips: readonly string[]): readonly FixedIp[] =>
  ips.map((text) => {
    const [subnet_id = '', ip_address = ''] = text.split(' ');
    return { subnet_id, ip_address };
  });

const current = has('v4 10.0.0.5', 'v4b 10.0.1.5', `slaac ${DERIVED}`);
const update = (
  fixedIps: readonly FixedIpRequest[] | undefined,
  mac = MAC,
  fixed = current,
  deviceOwner = '',
  subnets = all,
) => {
  const was = { macAddress: MAC, fixedIps: fixed };
  const change = planPortUpdate({ ...port, deviceOwner, macAddress: mac }, was, fixedIps, subnets);
  return {
    keep: change.keep.map((ip) => ip.ip_address),
    remove: change.remove.map((ip) => ip.ip_address),
    add: shown(change.add),
  };
};
const OTHER = 'fa:16:3e:00:00:02';
const OTHER_DERIVED = 'slaac 2001:db8:0:a:f816:3eff:fe00:2';
const both = ['10.0.0.5', '10.0.1.5'];

type Outcome = ReturnType<typeof update>;

const updateCases: readonly (readonly [string, () => Outcome, Outcome])[] = [
  ['nothing is named', () => update(undefined), { keep: [...both, DERIVED], remove: [], add: [] }],
  ['the list is emptied', () => update([]), { keep: [DERIVED], remove: both, add: [] }],
  [
    'a subnet is named',
    () => update([{ subnet_id: 'v4' }]),
    { keep: ['10.0.0.5', DERIVED], remove: ['10.0.1.5'], add: [] },
  ],
  [
    'a subnet is named twice',
    () => update([{ subnet_id: 'v4' }, { subnet_id: 'v4' }]),
    { keep: ['10.0.0.5', DERIVED], remove: ['10.0.1.5'], add: ['any of v4'] },
  ],
  [
    'nothing is named and an automatic address was let go',
    () => update(undefined, MAC, has('v4 10.0.0.5')),
    { keep: ['10.0.0.5'], remove: [], add: [] },
  ],
  [
    'an address is named',
    () => update([{ ip_address: '10.0.0.5' }]),
    { keep: ['10.0.0.5', DERIVED], remove: ['10.0.1.5'], add: [] },
  ],
  [
    'an address is named and an automatic one was let go',
    () => update([{ ip_address: '2001:db8:0:6::5' }], MAC, has('v6 2001:db8:0:6::5')),
    { keep: ['2001:db8:0:6::5'], remove: [], add: [`slaac ${DERIVED}`] },
  ],
  [
    'an address is new',
    () => update([{ ip_address: '10.0.0.6' }]),
    { keep: [DERIVED], remove: both, add: ['v4 10.0.0.6'] },
  ],
  [
    'an automatic subnet is let go',
    () => update([{ subnet_id: 'v4' }, { subnet_id: 'slaac', delete_subnet: true }]),
    { keep: ['10.0.0.5'], remove: ['10.0.1.5', DERIVED], add: [] },
  ],
  [
    'the MAC address changes',
    () => update(undefined, OTHER),
    { keep: both, remove: [DERIVED], add: [OTHER_DERIVED] },
  ],
  [
    'the MAC address changes and the list is emptied',
    () => update([], OTHER),
    { keep: [], remove: [...both, DERIVED], add: [OTHER_DERIVED] },
  ],
  [
    'the MAC address changes that a DHCP server made an address of',
    () => update(undefined, OTHER, has(`v6 ${STATEFUL}`, `slaac ${DERIVED}`)),
    { keep: [STATEFUL], remove: [DERIVED], add: [OTHER_DERIVED] },
  ],
  [
    'the MAC address of a router changes',
    () => update(undefined, OTHER, has('slaac 2001:db8:0:a::1'), 'network:router_interface'),
    { keep: ['2001:db8:0:a::1'], remove: [], add: [] },
  ],
  [
    'both change',
    () => update([{ subnet_id: 'v4b' }], OTHER),
    { keep: ['10.0.1.5'], remove: ['10.0.0.5', DERIVED], add: [OTHER_DERIVED] },
  ],
  [
    'the MAC address changes and the old list is sent back',
    () => update([{ ip_address: '10.0.0.5' }, { ip_address: '10.0.1.5' }, { ip_address: DERIVED }], OTHER),
    { keep: both, remove: [DERIVED], add: [OTHER_DERIVED] },
  ],
  [
    'the MAC address changes and the automatic subnet is let go',
    () => update([{ subnet_id: 'v4' }, { subnet_id: 'slaac', delete_subnet: true }], OTHER),
    { keep: ['10.0.0.5'], remove: ['10.0.1.5', DERIVED], add: [] },
  ],
];

describe('addresses of a port that is updated', () => {
  for (const [name, actual, expected] of updateCases) {
    it(`are right when ${name}`, () => assert.deepEqual(actual(), expected));
  }

  it('are refused where they cannot be', () => {
    const refusals = [
      [{ subnet_id: 'v4b', ip_address: '10.0.0.5' }, InvalidIpForSubnet],
      // The same number as 10.0.0.5.
      [{ ip_address: '::a00:5' }, InvalidIpForNetwork],
      [{ ip_address: 'x' }, InvalidInput],
      [{ delete_subnet: true }, InvalidInput],
    ] as const;
    for (const [entry, type] of refusals)
      assert.throws(() => update([entry]), type.is, JSON.stringify(entry));
  });

  it('stay where no subnet serves the owner any more, and none is added there', () => {
    const nova = [subnet('nova', '10.2.0.0/24', { serviceTypes: ['compute:nova'] })];
    const old = has('nova 10.2.0.5');
    const kept = { keep: ['10.2.0.5'], remove: [], add: [] };
    assert.deepEqual(update(undefined, OTHER, old, 'compute:x', nova), kept);
    assert.throws(
      () => update([{ subnet_id: 'nova' }, { subnet_id: 'nova' }], MAC, old, 'compute:x', nova),
      IpAddressGenerationFailureNoMatchingSubnet.is,
    );
  });

  it('are each either kept or removed, and asking for the same again changes nothing', () => {
    const entry = fc.oneof(
      fc.constantFrom('v4', 'v4b', 'v6', 'slaac').map((subnet_id): FixedIpRequest => ({ subnet_id })),
      fc.integer({ min: 2, max: 20 }).map((last): FixedIpRequest => ({ ip_address: `10.0.0.${last}` })),
    );
    const given = fc.uniqueArray(entry, { maxLength: 5, selector: (one) => JSON.stringify(one) });
    const owned = fc.subarray([
      ...has('v4 10.0.0.5', 'v4 10.0.0.6', 'v4b 10.0.1.5', 'v6 2001:db8:0:6::7'),
      ...current.slice(2),
    ]);
    fc.assert(
      fc.property(owned, given, (fixed, fixedIps) => {
        const was = { macAddress: MAC, fixedIps: fixed };
        const change = planPortUpdate(port, was, fixedIps, all);
        const after = [...change.keep, ...change.remove].map((ip) => ip.ip_address).sort();
        assert.deepEqual(after, fixed.map((ip) => ip.ip_address).sort());
        const again = planPortUpdate(port, { macAddress: MAC, fixedIps: fixed }, [...fixed], all);
        assert.deepEqual(again.remove, []);
        assert.deepEqual(
          shown(again.add),
          fixed.length === 0 || fixed.some((ip) => ip.subnet_id === 'slaac') ? [] : [`slaac ${DERIVED}`],
        );
      }),
    );
  });
});

describe('subnets named in fixed_ips', () => {
  it('are told apart from those of the network', () => {
    const named = [{ subnet_id: 'v4' }, { subnet_id: 'x' }, { subnet_id: 'x' }, { ip_address: '10.0.0.9' }];
    assert.deepEqual(foreignSubnets(named, all), ['x']);
    assert.deepEqual(foreignSubnets(undefined, all), []);
  });
});
