import { choice, integer, integerMap, list, text } from './option.ts';

/** Section `ml2`: networks, their types and their drivers. */
export const mechanismOptions = {
  typeDrivers: list({
    initial: ['local', 'flat', 'vlan', 'vxlan', 'geneve'],
    description: 'Network types that exist.',
  }),
  projectNetworkTypes: list({
    initial: ['geneve'],
    description: 'Types for networks of projects, in order of preference.',
  }),
  externalNetworkType: text({
    initial: '',
    description: 'Type for external networks that do not say; empty: as for projects.',
  }),
  mechanismDrivers: list({ initial: ['ovn'], description: 'Mechanism drivers, in order.' }),
  extensionDrivers: list({ initial: ['port_security'], description: 'Extension drivers, in order.' }),
  flatNetworks: list({ initial: ['*'], description: 'Physical networks for flat networks; *: any.' }),
  networkVlanRanges: list({
    initial: [],
    description: 'PHYSICAL_NETWORK:FIRST:LAST, or PHYSICAL_NETWORK for given ids only.',
  }),
  geneveVniRanges: list({ initial: ['1:65536'], description: 'FIRST:LAST of Geneve networks.' }),
  vxlanVniRanges: list({ initial: [], description: 'FIRST:LAST of VXLAN networks.' }),
  tunnelIdRanges: list({ initial: [], description: 'FIRST:LAST of GRE networks.' }),
  physicalNetworkMtus: integerMap({
    initial: {},
    min: 68,
    max: 65_535,
    unit: 'octets',
    description: 'MTU by physical network, where it is not globalPhysnetMtu.',
  }),
  pathMtu: integer({
    initial: 0,
    min: 0,
    max: 65_535,
    unit: 'octets',
    description:
      'Largest packet between hosts for overlays, which need 68 octets inside; 0: globalPhysnetMtu.',
  }),
  globalPhysnetMtu: integer({
    initial: 1_500,
    min: 68,
    max: 65_535,
    unit: 'octets',
    description: 'MTU of the physical network.',
  }),
  overlayIpVersion: choice([4, 6], { initial: 4, description: 'IP version between hosts.' }),
  geneveMaxHeaderSize: integer({
    initial: 38,
    min: 38,
    max: 252,
    unit: 'octets',
    description: 'Geneve header with options and the inner Ethernet header; OVN needs 38.',
  }),
};
