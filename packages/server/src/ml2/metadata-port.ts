import type { CreateOf, Network, Port, port, Subnet, UpdateOf } from '@ovenbird/api';
import type { Reader } from '../db/database.ts';
import { eachOf } from '../db/query/each-of.ts';
import type { WriteStep } from '../engine/contract.ts';
import type { PortLoader } from './port-loader.ts';

/** Owner and device of the port that serves metadata to a network's guests. */
export const METADATA_OWNER = 'network:distributed';
export const metadataDeviceId = (networkId: string): string => `ovnmeta-${networkId}`;

/** What the behaviour of ports offers; a metadata port is made like any other. */
export interface PortOperations {
  create(step: WriteStep, bodies: readonly CreateOf<typeof port>[]): Promise<readonly Port[]>;
  update(step: WriteStep, current: Port, body: UpdateOf<typeof port>): Promise<Port>;
}

/** One port a network for the metadata service, with one address in each subnet that has DHCP. */
export interface MetadataPorts {
  /** For networks just made; they have no subnet yet. */
  create(step: WriteStep, networks: readonly Network[]): Promise<void>;
  /** After subnets of a network came, went or changed DHCP. Does nothing when the addresses are right already. */
  adjust(step: WriteStep, networkId: string): Promise<void>;
}

const bodyFor = (network: Network): CreateOf<typeof port> => ({
  name: '',
  description: '',
  project_id: network.project_id,
  network_id: network.id,
  admin_state_up: true,
  mac_address: undefined,
  fixed_ips: undefined,
  device_id: metadataDeviceId(network.id),
  device_owner: METADATA_OWNER,
  security_groups: undefined,
  port_security_enabled: undefined,
  allowed_address_pairs: [],
  extra_dhcp_opts: [],
  dns_name: '',
  dns_domain: '',
  device_profile: null,
  numa_affinity_policy: null,
  hardware_offload_type: undefined,
  trusted: undefined,
  propagate_uplink_status: true,
  'binding:host_id': '',
  'binding:vnic_type': 'normal',
  'binding:profile': {},
  qos_policy_id: null,
  tags: [],
});

const findPort = async (
  reader: Reader,
  networkId: string,
  loadPorts: PortLoader,
): Promise<Port | undefined> => {
  const row = await reader.query
    .selectFrom('ports')
    .select('id')
    .where('network_id', '=', networkId)
    .where('device_owner', '=', METADATA_OWNER)
    .where('device_id', 'in', eachOf([metadataDeviceId(networkId)]))
    .executeTakeFirst();
  return row === undefined ? undefined : (await loadPorts(reader, [row.id]))[0];
};

type DhcpSubnet = Pick<Subnet, 'id'>;

const dhcpSubnets = (reader: Reader, networkId: string): Promise<readonly DhcpSubnet[]> =>
  reader.query
    .selectFrom('subnets')
    .select('id')
    .where('network_id', '=', networkId)
    .where('enable_dhcp', '=', 1)
    .orderBy('id')
    .execute();

/** The addresses the port should have: those it has in subnets with DHCP, and any one in each that lacks one. */
const wantedAddresses = (current: Port, subnets: readonly DhcpSubnet[]) =>
  subnets.map(({ id }) => current.fixed_ips.find((fixed) => fixed.subnet_id === id) ?? { subnet_id: id });

const isRight = (current: Port, subnets: readonly DhcpSubnet[]): boolean =>
  current.fixed_ips.length === subnets.length &&
  subnets.every(({ id }) => current.fixed_ips.some((fixed) => fixed.subnet_id === id));

export const createMetadataPorts = (ports: PortOperations, loadPorts: PortLoader): MetadataPorts => ({
  async create(step, networks) {
    if (networks.length > 0) await ports.create(step, networks.map(bodyFor));
  },
  async adjust(step, networkId) {
    const current = await findPort(step.tx, networkId, loadPorts);
    if (current === undefined) return;
    const subnets = await dhcpSubnets(step.tx, networkId);
    if (isRight(current, subnets)) return;
    await ports.update(step, current, { fixed_ips: wantedAddresses(current, subnets) });
  },
});
