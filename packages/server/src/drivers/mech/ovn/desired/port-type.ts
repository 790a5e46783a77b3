import { bypassesSwitch, declaredCapabilities } from '../bypassing.ts';
import type { PortState } from '../state.ts';

const profileText = (port: PortState, key: string): string | undefined => {
  const value = port.binding.profile[key];
  return typeof value === 'string' && value !== '' ? value : undefined;
};

/** Ports of network services are trusted: neither filtered nor checked for spoofing. */
export const isTrusted = (port: PortState): boolean => port.deviceOwner.startsWith('network:');

export const isMetadataPort = (port: PortState): boolean =>
  port.deviceOwner === 'network:distributed' && port.deviceId.startsWith('ovnmeta-');

const isHealthMonitorPort = (port: PortState): boolean =>
  port.deviceOwner === 'ovn-lb-hm:distributed' && port.deviceId.startsWith('ovn-lb-hm');

/** Capabilities that the binding profile declares (`switchdev`). */
export const capabilities = (port: PortState): readonly string[] =>
  declaredCapabilities(port.binding.profile);

/** A VTEP gateway's switch and logical switch, when the profile names both. */
export function vtepSwitches(port: PortState): { physical: string; logical: string } | undefined {
  const physical = profileText(port, 'vtep-physical-switch');
  const logical = profileText(port, 'vtep-logical-switch');
  return physical === undefined || logical === undefined ? undefined : { physical, logical };
}

/** Where a nested port (trunk sub-port, container) sits: its parent and VLAN tag. */
export function nesting(port: PortState): { parent: string; tag: number } | undefined {
  const parent = profileText(port, 'parent_name');
  const tag = port.binding.profile.tag;
  return parent === undefined || typeof tag !== 'number' ? undefined : { parent, tag };
}

/** The address that a virtual port stands for, and the ports that may hold it. */
export interface VirtualAddress {
  readonly address: string;
  readonly parents: readonly string[];
}

/**
 * A port on no host whose address other ports may use as well stands for an address that moves between them.
 * Once it is plugged itself, it is an ordinary port.
 */
export function virtualAddress(port: PortState): VirtualAddress | undefined {
  if (port.binding.host !== '' && port.binding.vifType !== 'unbound') return undefined;
  for (const { address } of port.addresses) {
    const parents = port.parents.get(address);
    if (parents !== undefined && parents.length > 0) return { address, parents };
  }
  return undefined;
}

/** Logical_Switch_Port.type; the last rule that holds wins, but `router` and `vtep`, which end the search. */
export function portType(port: PortState): '' | 'router' | 'vtep' | 'virtual' | 'localport' | 'external' {
  if (port.router !== undefined) return 'router';
  if (vtepSwitches(port) !== undefined) return 'vtep';
  if (bypassesSwitch(port.binding.vnicType, port.binding.profile)) return 'external';
  if (isMetadataPort(port) || isHealthMonitorPort(port)) return 'localport';
  return virtualAddress(port) === undefined ? '' : 'virtual';
}
