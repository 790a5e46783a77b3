/** MTU facts of the deployment, octets; 0 means that there is no such limit. */
export interface PhysicalMtuConfig {
  readonly globalPhysnetMtu: number;
  /** By name of the physical network. */
  readonly physicalNetworkMtus: { readonly [physicalNetwork: string]: number };
}

/** MTU of a network that lies on a physical network as it is: flat or vlan. */
export const physicalMtu = (
  config: PhysicalMtuConfig,
  physicalNetwork: string | null,
): number | undefined => {
  const own = physicalNetwork === null ? undefined : config.physicalNetworkMtus[physicalNetwork];
  const limits = [config.globalPhysnetMtu, own ?? 0].filter((mtu) => mtu > 0);
  return limits.length === 0 ? undefined : Math.min(...limits);
};
