import {
  AllocationOnAutoAddressSubnet,
  type FixedIp,
  type FixedIpRequest,
  InvalidInput,
  InvalidIpForNetwork,
  InvalidIpForSubnet,
  type IpAddress,
  IpAddressGenerationFailureNoMatchingSubnet,
  parseIp,
} from '@ovenbird/api';
import { isRouterInterface, isRouterInternal, takesNextAddress } from './device-owner.ts';
import { eui64Address } from './eui64.ts';
import { type IpamSubnet, isUsableAddress, subnetsServing } from './ipam-subnet.ts';

/**
 * One address that a port is to get: this very one, or any free one of the first subnet that has some (`next`: the
 * lowest).
 */
export type AddressWant =
  | { readonly kind: 'exact'; readonly subnet: IpamSubnet; readonly address: IpAddress }
  | { readonly kind: 'any'; readonly subnets: readonly IpamSubnet[]; readonly next: boolean };

/** The port that addresses are for. */
export interface AddressedPort {
  readonly networkId: string;
  readonly deviceOwner: string;
  readonly macAddress: string;
}

/** Addresses of a port before and after an update. */
export interface AddressChange {
  readonly keep: readonly FixedIp[];
  readonly remove: readonly FixedIp[];
  readonly add: readonly AddressWant[];
}

const requestedAddress = (text: string): IpAddress => {
  const ip = parseIp(text);
  if (ip === undefined) throw InvalidInput({ message: `'${text}' is not a valid IP address` });
  return ip;
};

const subnetOf = (
  port: AddressedPort,
  entry: FixedIpRequest,
  candidates: readonly IpamSubnet[],
): IpamSubnet => {
  if (candidates.length === 0) throw InvalidInput({ message: 'IP allocation requires subnets for network' });
  const ip = entry.ip_address === undefined ? undefined : requestedAddress(entry.ip_address);
  if (entry.subnet_id !== undefined) {
    const subnet = candidates.find((candidate) => candidate.id === entry.subnet_id);
    if (subnet === undefined) {
      throw InvalidInput({
        message:
          `Failed to create port on network ${port.networkId}, ` +
          `because fixed_ips included invalid subnet ${entry.subnet_id}`,
      });
    }
    if (ip !== undefined && !isUsableAddress(subnet.cidr, ip, port.deviceOwner))
      throw InvalidIpForSubnet({ ip: ip.text });
    return subnet;
  }
  if (ip === undefined) throw InvalidInput({ message: 'IP allocation requires subnet_id or ip_address' });
  const holder = candidates.find((candidate) => isUsableAddress(candidate.cidr, ip, port.deviceOwner));
  if (holder === undefined) throw InvalidIpForNetwork({ ip: ip.text });
  return holder;
};

const automatic = (port: AddressedPort, subnet: IpamSubnet): AddressWant => ({
  kind: 'exact',
  subnet,
  address: eui64Address(subnet.cidr, port.macAddress),
});

const exact = (port: AddressedPort, subnet: IpamSubnet, text: string): AddressWant => {
  const address = requestedAddress(text);
  const mustDerive = subnet.autoAddress && !isRouterInterface(port.deviceOwner);
  if (mustDerive && eui64Address(subnet.cidr, port.macAddress).value !== address.value) {
    throw AllocationOnAutoAddressSubnet({ ip: address.text, subnetId: subnet.id });
  }
  return { kind: 'exact', subnet, address };
};

/** Wants for entries that name a subnet, an address or both; entries that mean an automatic address give none. */
const explicit = (
  port: AddressedPort,
  entries: readonly FixedIpRequest[],
  candidates: readonly IpamSubnet[],
): readonly AddressWant[] => {
  const next = takesNextAddress(port.deviceOwner);
  return entries.flatMap((entry): readonly AddressWant[] => {
    const subnet = subnetOf(port, entry, candidates);
    if (entry.ip_address !== undefined) return [exact(port, subnet, entry.ip_address)];
    if (subnet.autoAddress && !isRouterInternal(port.deviceOwner)) return [];
    return [{ kind: 'any', subnets: [subnet], next }];
  });
};

const automatics = (
  port: AddressedPort,
  candidates: readonly IpamSubnet[],
  done: ReadonlySet<string>,
): readonly AddressWant[] =>
  isRouterInternal(port.deviceOwner)
    ? []
    : candidates
        .filter((subnet) => subnet.autoAddress && !done.has(subnet.id))
        .map((subnet) => automatic(port, subnet));

const exactSubnets = (wants: readonly AddressWant[]): ReadonlySet<string> =>
  new Set(wants.filter((want) => want.kind === 'exact').map((want) => want.subnet.id));

const candidatesFor = (port: AddressedPort, subnets: readonly IpamSubnet[]): readonly IpamSubnet[] => {
  const candidates = subnetsServing(subnets, port.deviceOwner);
  if (candidates.length === 0 && subnets.length > 0) {
    throw IpAddressGenerationFailureNoMatchingSubnet({
      networkId: port.networkId,
      serviceType: port.deviceOwner,
    });
  }
  return candidates;
};

/**
 * The addresses of a new port. `fixedIps` undefined: one IPv4, one stateful IPv6 and one of every subnet with automatic
 * addresses; an empty list: none.
 *
 * @param subnets all subnets of the port's network
 * @throws ApiError InvalidInput, InvalidIpForNetwork, InvalidIpForSubnet, AllocationOnAutoAddressSubnet,
 *   IpAddressGenerationFailureNoMatchingSubnet
 */
export const planNewPort = (
  port: AddressedPort,
  fixedIps: readonly FixedIpRequest[] | undefined,
  subnets: readonly IpamSubnet[],
): readonly AddressWant[] => {
  if (fixedIps !== undefined && fixedIps.length === 0) return [];
  const candidates = candidatesFor(port, subnets);
  const entries = fixedIps?.filter((entry) => entry.delete_subnet !== true);
  if (entries !== undefined) {
    const wants = explicit(port, entries, candidates);
    return [...wants, ...automatics(port, candidates, exactSubnets(wants))];
  }
  const next = takesNextAddress(port.deviceOwner);
  const pooled = candidates.filter((subnet) => !subnet.autoAddress);
  const wants = ([4, 6] as const).flatMap((version): readonly AddressWant[] => {
    const subnetsOfVersion = pooled.filter((subnet) => subnet.version === version);
    return subnetsOfVersion.length === 0 ? [] : [{ kind: 'any', subnets: subnetsOfVersion, next }];
  });
  return [...wants, ...automatics(port, candidates, new Set())];
};

interface Matched {
  readonly keep: FixedIp[];
  readonly add: FixedIpRequest[];
  /** Addresses the port has that no entry claimed. */
  readonly unclaimed: FixedIp[];
}

const take = <T>(from: T[], test: (item: T) => boolean): T | undefined => {
  const index = from.findIndex(test);
  return index < 0 ? undefined : from.splice(index, 1)[0];
};

/** Entries with an address are matched first, then entries with a subnet take over an address of that subnet. */
const match = (current: readonly FixedIp[], entries: readonly FixedIpRequest[]): Matched => {
  const unclaimed = [...current];
  const keep: FixedIp[] = [];
  const add: FixedIpRequest[] = [];
  const claim = (entry: FixedIpRequest, owned: FixedIp | undefined) => {
    if (owned === undefined) add.push(entry);
    else keep.push(owned);
  };
  for (const entry of entries) {
    const address = entry.ip_address;
    if (address === undefined) continue;
    const subnetFits = (ip: FixedIp) => entry.subnet_id === undefined || entry.subnet_id === ip.subnet_id;
    claim(
      entry,
      take(unclaimed, (ip) => ip.ip_address === address && subnetFits(ip)),
    );
  }
  for (const entry of entries) {
    if (entry.ip_address !== undefined) continue;
    claim(
      entry,
      take(unclaimed, (ip) => ip.subnet_id === entry.subnet_id),
    );
  }
  return { keep, add, unclaimed };
};

const derivedFrom = (mac: string, ip: FixedIp, subnets: readonly IpamSubnet[]): boolean =>
  subnets.some((subnet) => subnet.autoAddress && eui64Address(subnet.cidr, mac).text === ip.ip_address);

/**
 * How the addresses of a port change. An entry with only `subnet_id` keeps the address that the port has there;
 * automatic addresses stay unless their subnet is named with `delete_subnet`; a new MAC address replaces them.
 *
 * @param port as it will be after the update
 * @param was MAC address before it
 * @param fixedIps the request's list, addresses in canonical text; undefined: only the MAC address may change
 */
export const planPortUpdate = (
  port: AddressedPort,
  was: { readonly macAddress: string; readonly fixedIps: readonly FixedIp[] },
  fixedIps: readonly FixedIpRequest[] | undefined,
  subnets: readonly IpamSubnet[],
): AddressChange => {
  const macChanged = was.macAddress !== port.macAddress;
  if (fixedIps === undefined && !macChanged) return { keep: was.fixedIps, remove: [], add: [] };
  const stale = macChanged ? was.fixedIps.filter((ip) => derivedFrom(was.macAddress, ip, subnets)) : [];
  const current = was.fixedIps.filter((ip) => !stale.includes(ip));
  const isStale = (entry: FixedIpRequest) => stale.some((ip) => ip.ip_address === entry.ip_address);
  const requested: readonly FixedIpRequest[] = fixedIps?.filter((entry) => !isStale(entry)) ?? current;
  const dropped = new Set(
    requested.filter((entry) => entry.delete_subnet === true).map((entry) => entry.subnet_id),
  );
  const entries = requested.filter((entry) => entry.subnet_id === undefined || !dropped.has(entry.subnet_id));

  const { keep, add, unclaimed } = match(current, entries);
  const isAutomatic = (ip: FixedIp) =>
    !isRouterInternal(port.deviceOwner) &&
    !dropped.has(ip.subnet_id) &&
    subnets.some((subnet) => subnet.id === ip.subnet_id && subnet.autoAddress);
  const staying = unclaimed.filter(isAutomatic);
  const remove = [...unclaimed.filter((ip) => !isAutomatic(ip)), ...stale];
  const kept = [...keep, ...staying];

  if (entries.length === 0 && stale.length === 0) return { keep: kept, remove, add: [] };
  const candidates =
    add.length > 0 ? candidatesFor(port, subnets) : subnetsServing(subnets, port.deviceOwner);
  const wants = explicit(port, add, candidates);
  const renewed = stale.filter((ip) => !dropped.has(ip.subnet_id)).map((ip) => ip.subnet_id);
  const skip = new Set([
    ...exactSubnets(wants),
    ...kept.map((ip) => ip.subnet_id),
    ...remove.map((ip) => ip.subnet_id).filter((id) => !renewed.includes(id)),
  ]);
  return { keep: kept, remove, add: [...wants, ...automatics(port, candidates, skip)] };
};

/** Ids in `fixed_ips` that are no subnets of the network. */
export const foreignSubnets = (
  fixedIps: readonly FixedIpRequest[] | undefined,
  subnets: readonly IpamSubnet[],
): readonly string[] => [
  ...new Set(
    fixedIps?.flatMap(({ subnet_id: id }) =>
      id === undefined || subnets.some((subnet) => subnet.id === id) ? [] : [id],
    ),
  ),
];
