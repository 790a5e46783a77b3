import type { Reader } from '../../../../db/database.ts';
import { ROUTER_GATEWAY } from '../../../../ipam/device-owner.ts';
import { bypassesSwitch } from '../bypassing.ts';
import type { PortState } from '../state.ts';
import { decodeDhcpOpts, decodeObject, decodePair, grouped } from './decode.ts';
import { qosLoader } from './qos.ts';
import {
  addressPairQuery,
  addressQuery,
  externalHostQuery,
  membershipQuery,
  parentQuery,
  portQuery,
} from './queries.ts';

/** Host of the chassis whose `ovn-cms-options` name this card; undefined when there is none. */
export type CardHosts = (serialNumber: string) => string | undefined;

export type PortStates = (reader: Reader, ids: readonly string[]) => Promise<ReadonlyMap<string, PortState>>;

interface Parent {
  readonly ip_address: string;
  readonly parent: string;
}

const parentsByAddress = (rows: readonly Parent[]): ReadonlyMap<string, readonly string[]> => {
  const parents = new Map<string, string[]>();
  for (const [address, group] of grouped(rows, 'ip_address'))
    parents.set(address, [...new Set(group.map((row) => row.parent))]);
  return parents;
};

const NO_PARENTS: ReadonlyMap<string, readonly string[]> = new Map();

/** Loads ports with everything that hangs on them, in six statements for any number of ports, or eight when there are policies. */
export function portLoader(cardHosts: CardHosts): PortStates {
  const ports = portQuery();
  const addresses = addressQuery();
  const pairs = addressPairQuery();
  const parents = parentQuery();
  const memberships = membershipQuery();
  const qos = qosLoader();
  const externalHosts = externalHostQuery();

  return async (reader, ids) => {
    const rows = await ports.rows(reader, ids);
    const addressesOf = grouped(await addresses.rows(reader, ids), 'port_id');
    const pairsOf = grouped(await pairs.rows(reader, ids), 'port_id');
    const parentsOf = grouped(await parents.rows(reader, ids), 'port_id');
    const qosOf = await qos(reader, ids);
    const groupsOf = grouped(await memberships.rows(reader, ids), 'port_id');
    const special = rows.filter((row) =>
      bypassesSwitch(row.vnic_type ?? '', decodeObject(row.profile ?? '{}')),
    );
    const placed = await externalHosts.rows(reader, [...new Set(special.map((row) => row.network_id))]);
    const placesOf = grouped(placed, 'network_id');
    const states = new Map<string, PortState>();
    for (const row of rows) {
      const profile = decodeObject(row.profile ?? '{}');
      const card = profile.card_serial_number;
      const parentRows = parentsOf.get(row.id);
      states.set(row.id, {
        id: row.id,
        networkId: row.network_id,
        networkMtu: row.mtu,
        projectId: row.project_id,
        name: row.name,
        mac: row.mac_address,
        adminUp: row.admin_state_up === 1,
        status: row.status,
        deviceId: row.device_id,
        deviceOwner: row.device_owner,
        portSecurity: row.port_security_enabled === 1,
        revision: row.revision_number,
        extraDhcpOpts: decodeDhcpOpts(row.extra_dhcp_opts),
        addresses: (addressesOf.get(row.id) ?? []).map((address) => ({
          subnetId: address.subnet_id,
          address: address.ip_address,
        })),
        addressPairs: (pairsOf.get(row.id) ?? []).map(decodePair),
        securityGroups: (groupsOf.get(row.id) ?? []).map((group) => group.security_group_id),
        binding: {
          host: row.host ?? '',
          vnicType: row.vnic_type ?? 'normal',
          vifType: row.vif_type ?? 'unbound',
          profile,
        },
        cardHost: typeof card === 'string' ? cardHosts(card) : undefined,
        qos: qosOf.get(row.id),
        floatingAddress: row.floating_address ?? undefined,
        router:
          row.router_id === null
            ? undefined
            : { id: row.router_id, gateway: row.port_type === ROUTER_GATEWAY },
        externalGroup: (placesOf.get(row.network_id) ?? []).findLast(
          (place) => place.port_id === '' || place.port_id === row.id,
        )?.port_id,
        parents: parentRows === undefined ? NO_PARENTS : parentsByAddress(parentRows),
      });
    }
    return states;
  };
}
