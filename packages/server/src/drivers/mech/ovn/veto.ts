import {
  BadRequest,
  InvalidInput,
  InvalidVirtualMACAddress,
  type Network,
  type Port,
  PortNotFound,
  VlanTransparencyDriverError,
} from '@ovenbird/api';
import type { Reader } from '../../../db/database.ts';
import { eachOf } from '../../../db/query/each-of.ts';
import type { Change } from '../../../ml2/contract.ts';
import { supportedNetworkTypes } from './bind.ts';
import { checkBindingProfile } from './binding-profile.ts';

/** Types of networks whose switches pass on the VLAN tags of guests. */
const PASSES_TAGS: ReadonlySet<unknown> = new Set(['local', 'vlan', 'vxlan', 'geneve']);

const OVN_VIF_TYPES = new Set(['ovs', 'vhostuser', 'agilio_ovs']);
const EXACT = /^([^/]+)(?:\/(?:32|128))?$/;

interface ShownSegment {
  readonly type: unknown;
  readonly id: unknown;
}

const segmentsOf = (network: Network): readonly ShownSegment[] => {
  const shown = network.segments ?? [];
  if (shown.length > 0)
    return shown.map((segment) => ({
      type: segment['provider:network_type'],
      id: segment['provider:segmentation_id'],
    }));
  const type = network['provider:network_type'];
  return type === null || type === undefined ? [] : [{ type, id: network['provider:segmentation_id'] }];
};

/** @param maxTunnelKey largest key that the Northbound database allows; undefined: it does not say */
function checkNetwork(network: Network, maxTunnelKey: number | undefined): void {
  for (const { type, id } of segmentsOf(network)) {
    if (typeof type === 'string' && !supportedNetworkTypes.has(type))
      throw InvalidInput({ message: `Network type ${type} is not supported` });
    if (typeof id === 'number' && maxTunnelKey !== undefined && id > maxTunnelKey)
      throw InvalidInput({
        message: `Segmentation ID should be lower or equal to ${maxTunnelKey}, which is what OVN allows`,
      });
  }
}

/** Networks never change in this; those that are there keep what they have. */
function checkTransparency(network: Network): void {
  if (network.vlan_transparent === true && !segmentsOf(network).every(({ type }) => PASSES_TAGS.has(type)))
    throw VlanTransparencyDriverError();
}

const pairsText = (port: Port | undefined): string =>
  JSON.stringify(
    (port?.allowed_address_pairs ?? []).map((pair) => `${pair.mac_address} ${pair.ip_address}`).sort(),
  );

/** RFC 5798 §7.3: virtual router MAC addresses, one range a family. */
const isVirtualRouterMac = (mac: string, address: string): boolean =>
  mac.toLowerCase().startsWith(address.includes(':') ? '00:00:5e:00:02:' : '00:00:5e:00:01:');

/** OVN filters packets with a foreign MAC address only when it is that of a virtual router. */
function checkPairMacs(port: Port): void {
  if (!OVN_VIF_TYPES.has(port['binding:vif_type'])) return;
  for (const pair of port.allowed_address_pairs) {
    if (pair.mac_address === port.mac_address || isVirtualRouterMac(pair.mac_address, pair.ip_address))
      continue;
    throw InvalidVirtualMACAddress({ mac: pair.mac_address });
  }
}

/** The metadata port answers on every host; an address pair with its address would take that away. */
async function checkPairAddresses(port: Port, reader: Reader): Promise<void> {
  const exact = port.allowed_address_pairs
    .map((pair) => EXACT.exec(pair.ip_address)?.[1])
    .filter((address) => address !== undefined);
  if (exact.length === 0) return;
  const taken = await reader.query
    .selectFrom('ip_allocations')
    .innerJoin('ports', 'ports.id', 'ip_allocations.port_id')
    .select('ip_allocations.ip_address')
    .where('ip_allocations.network_id', '=', port.network_id)
    .where('ip_allocations.ip_address', 'in', eachOf(exact))
    .where('ports.device_owner', '=', 'network:distributed')
    .executeTakeFirst();
  if (taken !== undefined)
    throw InvalidInput({
      message: `Address pair ${taken.ip_address} is the address of the network's distributed port`,
    });
}

/** A machine cannot be started on an address that other ports carry. */
async function checkVirtual(original: Port, current: Port, reader: Reader): Promise<void> {
  const host = current['binding:host_id'];
  const plugged =
    host !== '' && host !== original['binding:host_id'] && current.device_id !== original.device_id;
  if (!plugged || current.fixed_ips.length === 0) return;
  const pair = await reader.query
    .selectFrom('allowed_address_pairs')
    .select('port_id')
    .where('network_id', '=', current.network_id)
    .where(
      'ip_address',
      'in',
      eachOf(current.fixed_ips.flatMap(({ ip_address: ip }) => [ip, `${ip}/32`, `${ip}/128`])),
    )
    .where('port_id', '!=', current.id)
    .executeTakeFirst();
  if (pair !== undefined)
    throw BadRequest({
      resource: 'port',
      msg: `Virtual logical switch port ${current.id} cannot be bound to a host`,
    });
}

async function checkPort(original: Port | undefined, current: Port, reader: Reader): Promise<void> {
  const profile = current['binding:profile'] ?? {};
  const profileText = JSON.stringify(profile);
  const given = profileText !== '{}' && profileText !== JSON.stringify(original?.['binding:profile'] ?? {});
  if (given || current['binding:vnic_type'] !== (original?.['binding:vnic_type'] ?? 'normal')) {
    checkBindingProfile(profile, current['binding:vnic_type']);
    const parent = profile.parent_name;
    if (given && typeof parent === 'string') await checkParent(parent, reader);
  }
  if (pairsText(current) !== pairsText(original)) {
    checkPairMacs(current);
    await checkPairAddresses(current, reader);
  }
  if (original !== undefined) await checkVirtual(original, current, reader);
}

async function checkParent(id: string, reader: Reader): Promise<void> {
  const found = await reader.query.selectFrom('ports').select('id').where('id', '=', id).executeTakeFirst();
  if (found === undefined) throw PortNotFound({ id });
}

/** Refuses, as ApiError 4xx, what OVN could not carry. Runs inside the transaction of the change. */
export async function veto(
  changes: readonly Change[],
  reader: Reader,
  maxTunnelKey: number | undefined,
): Promise<void> {
  for (const change of changes) {
    if (change.action === 'delete') continue;
    if (change.kind === 'network') {
      checkNetwork(change.current, maxTunnelKey);
      if (change.action === 'create') checkTransparency(change.current);
    }
    if (change.kind === 'port')
      await checkPort(change.action === 'update' ? change.original : undefined, change.current, reader);
  }
}
