import {
  AddressPairAndPortSecurityRequired,
  type Network,
  type Port,
  PortSecurityAndIPRequiredForSecurityGroups,
  PortSecurityPortHasSecurityGroup,
} from '@ovenbird/api';
import type { ExtensionDriver, ExtensionStep } from '../../ml2/contract.ts';

const ATTRIBUTE = 'port_security_enabled';

const isOn = (value: unknown): boolean | undefined => (typeof value === 'boolean' ? value : undefined);
const named = (value: unknown): readonly unknown[] | undefined => (Array.isArray(value) ? value : undefined);

/** Ports that the service itself owns are trusted: nothing stands between them and the network. */
const isTrusted = (step: ExtensionStep<Port>): boolean => {
  const owner = step.requested.device_owner ?? step.original?.device_owner ?? '';
  return typeof owner === 'string' && owner.startsWith('network:');
};

const settingOf = (step: ExtensionStep<Port>): boolean => {
  if (step.action === 'create' && isTrusted(step)) return false;
  return (
    isOn(step.requested[ATTRIBUTE]) ??
    step.original?.port_security_enabled ??
    step.network?.port_security_enabled ??
    true
  );
};

/** Without port security there is nothing that address pairs or groups could be an exception from. */
const checkWithoutSecurity = ({ requested, original }: ExtensionStep<Port>): void => {
  const pairs = named(requested.allowed_address_pairs);
  if ((pairs ?? original?.allowed_address_pairs ?? []).length > 0) throw AddressPairAndPortSecurityRequired();
  const groups = named(requested.security_groups);
  if (groups !== undefined && groups.length > 0) throw PortSecurityAndIPRequiredForSecurityGroups();
  if (groups === undefined && (original?.security_groups ?? []).length > 0) {
    throw PortSecurityPortHasSecurityGroup();
  }
};

/**
 * `port_security_enabled` of networks and ports. A port takes its network's setting unless it says otherwise; one
 * without port security has neither security groups nor address pairs.
 */
export const createPortSecurityExtensionDriver = (): ExtensionDriver => ({
  name: 'port_security',
  aliases: ['port-security'],
  processNetwork({ action, requested, values }: ExtensionStep<Network>) {
    const setting = isOn(requested[ATTRIBUTE]) ?? (action === 'create' ? true : undefined);
    if (setting !== undefined) values[ATTRIBUTE] = setting;
  },
  processPort(step: ExtensionStep<Port>) {
    const setting = settingOf(step);
    step.values[ATTRIBUTE] = setting;
    if (!setting) checkWithoutSecurity(step);
  },
});
