import { InvalidInput } from '@ovenbird/api';

type Profile = { readonly [key: string]: unknown };
type Check = (value: unknown) => boolean;

/** Keys of a binding profile that belong together: with one of them, all are needed. */
interface ProfileSet {
  readonly keys: { readonly [key: string]: Check };
  /** Whether the set is looked at for such a port. */
  applies(vnicType: string, capabilities: readonly unknown[]): boolean;
}

const MAX_VLAN_TAG = 4095;

const text: Check = (value) => typeof value === 'string';
const textOrNull: Check = (value) => value === null || typeof value === 'string';
const whole: Check = (value) => Number.isInteger(value);
const always = (): boolean => true;

const device = { pci_vendor_info: text, pci_slot: text, physical_network: textOrNull };

const sets: readonly ProfileSet[] = [
  { keys: { parent_name: text, tag: whole }, applies: always },
  { keys: { 'vtep-physical-switch': text, 'vtep-logical-switch': text }, applies: always },
  {
    keys: device,
    applies: (vnicType, capabilities) => vnicType === 'direct' && capabilities.includes('switchdev'),
  },
  {
    keys: { ...device, card_serial_number: text, pf_mac_address: text, vf_num: whole },
    applies: (vnicType) => vnicType === 'remote-managed',
  },
];

const refuse = (reason: string): never => {
  throw InvalidInput({ message: `Invalid binding:profile. ${reason}` });
};

function checkSet(set: ProfileSet, profile: Profile): void {
  const keys = Object.keys(set.keys);
  const given = keys.filter((key) => Object.hasOwn(profile, key));
  if (given.length === 0) return;
  if (given.length < keys.length) refuse(`${keys.join(', ')} are all required.`);
  for (const key of keys) {
    if (set.keys[key]?.(profile[key]) !== true)
      refuse(`${key} ${JSON.stringify(profile[key])} value invalid type`);
  }
}

/** Refuses a binding profile that OVN cannot follow, as InvalidInput (400). Keys that OVN does not read are ignored. */
export function checkBindingProfile(profile: Profile, vnicType: string): void {
  const capabilities = profile.capabilities ?? [];
  if (!Array.isArray(capabilities)) refuse('capabilities must be of type list.');
  const declared = Array.isArray(capabilities) ? capabilities : [];
  for (const set of sets) if (set.applies(vnicType, declared)) checkSet(set, profile);
  const tag = profile.tag;
  if (typeof tag === 'number' && Object.hasOwn(profile, 'parent_name') && (tag < 0 || tag > MAX_VLAN_TAG))
    refuse(`tag "${tag}" must be an integer between 0 and ${MAX_VLAN_TAG}, inclusive`);
}
