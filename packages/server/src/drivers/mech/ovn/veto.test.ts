import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ApiError } from '@ovenbird/api';
import { checkBindingProfile } from './binding-profile.ts';
import { parseBridgeMappings } from './chassis.ts';
import { nameserversOf } from './from-config.ts';

describe('binding profile', () => {
  const fine: readonly (readonly [object, string])[] = [
    [{}, 'normal'],
    [{ anything: 1 }, 'normal'],
    [{ parent_name: 'p', tag: 0 }, 'normal'],
    [{ parent_name: 'p', tag: 4095 }, 'normal'],
    [{ 'vtep-physical-switch': 'a', 'vtep-logical-switch': 'b' }, 'normal'],
    [{ pci_slot: 7 }, 'direct'],
    [{ capabilities: ['switchdev'], pci_vendor_info: 'v', pci_slot: 's', physical_network: null }, 'direct'],
  ];
  for (const [profile, vnicType] of fine)
    it(`takes ${JSON.stringify(profile)} of ${vnicType}`, () =>
      checkBindingProfile({ ...profile }, vnicType));

  const wrong: readonly (readonly [object, string])[] = [
    [{ parent_name: 'p' }, 'normal'],
    [{ tag: 3 }, 'normal'],
    [{ parent_name: 'p', tag: 4096 }, 'normal'],
    [{ parent_name: 'p', tag: -1 }, 'normal'],
    [{ parent_name: 'p', tag: '3' }, 'normal'],
    [{ parent_name: 7, tag: 3 }, 'normal'],
    [{ 'vtep-physical-switch': 'a' }, 'normal'],
    [{ capabilities: 'switchdev' }, 'normal'],
    [{ capabilities: ['switchdev'], pci_slot: 's' }, 'direct'],
    [{ pci_vendor_info: 'v', pci_slot: 's', physical_network: 'p' }, 'remote-managed'],
  ];
  for (const [profile, vnicType] of wrong)
    it(`refuses ${JSON.stringify(profile)} of ${vnicType}`, () =>
      assert.throws(
        () => checkBindingProfile({ ...profile }, vnicType),
        (error) => error instanceof ApiError && error.status === 400 && error.type === 'InvalidInput',
      ));
});

it('bridge mappings are read as controllers write them', () => {
  assert.deepEqual(
    [...parseBridgeMappings('a:br-a, b:br-b,broken,')],
    [
      ['a', 'br-a'],
      ['b', 'br-b'],
    ],
  );
  assert.equal(parseBridgeMappings(undefined).size, 0);
});

it('name servers that only this host can ask are not told to machines', () => {
  const text =
    '# c\nnameserver 127.0.0.53\nnameserver 192.0.2.1\n nameserver 2001:db8::1 \nnameserver ::1\nsearch x\nnameserver no';
  assert.deepEqual(nameserversOf(text), ['192.0.2.1', '2001:db8::1']);
});
