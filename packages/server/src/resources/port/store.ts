import type {
  AllowedAddressPair,
  ExtraDhcpOpt,
  FixedIp,
  Port,
  ResourceRequest,
  TrunkDetails,
  VnicType,
} from '@ovenbird/api';
import type { Reader } from '../../db/database.ts';
import { ACTIVE } from '../../db/query/literals.ts';
import { preparedByIds } from '../../db/query/prepared.ts';
import type { PortsTable } from '../../db/tables.ts';
import type { Condition, ResourceStore } from '../../engine/contract.ts';
import { flag, plainColumns, standardColumns } from '../columns.ts';
import { networkPolicies, portPolicies } from '../qos/assignment.ts';
import { resourceRequestsOf } from '../qos/resource-request.ts';
import { listsBy, tagsOf } from '../tags.ts';
import { fixedIpsFilter, hostFilter, securityGroupsFilter } from './filters.ts';
import { traitsIn } from './traits.ts';
import { trunkDetailsOf } from './trunk-of-port.ts';

/** Where a port is plugged, as its ACTIVE row in `port_bindings` says. */
export interface ActiveBinding {
  readonly host: string;
  readonly vnicType: VnicType;
  readonly profile: { readonly [key: string]: unknown };
  readonly vifType: string;
  readonly vifDetails: { readonly [key: string]: unknown };
}

/** A port that no host was named for. */
export const UNBOUND: ActiveBinding = {
  host: '',
  vnicType: 'normal',
  profile: {},
  vifType: 'unbound',
  vifDetails: {},
};

/** What a port has in other tables than `ports`. */
export interface PortParts {
  readonly fixedIps: readonly FixedIp[];
  readonly securityGroups: readonly string[];
  readonly allowedAddressPairs: readonly AllowedAddressPair[];
  readonly binding: ActiveBinding;
  /** Its own policy of quality of service, and that of its network. */
  readonly qos: { readonly own: string | null; readonly network: string | null };
  /** What the policy that holds for it asks of Placement. */
  readonly resourceRequest: ResourceRequest | undefined;
  /** Of a parent port. */
  readonly trunk: TrunkDetails | undefined;
  readonly tags: readonly string[];
}

// These columns hold JSON that this program wrote from values of exactly these types.
const optionsIn = (json: string): readonly ExtraDhcpOpt[] => JSON.parse(json) as readonly ExtraDhcpOpt[];
const dictIn = (json: string): { readonly [key: string]: unknown } =>
  json === '{}' || json === '' ? {} : (JSON.parse(json) as { readonly [key: string]: unknown });

/** A row and its parts → the resource. */
export const portOf = (row: PortsTable, parts: PortParts): Port => ({
  id: row.id,
  name: row.name,
  project_id: row.project_id,
  network_id: row.network_id,
  admin_state_up: row.admin_state_up === 1,
  status: row.status,
  mac_address: row.mac_address,
  fixed_ips: parts.fixedIps,
  // Only values of the API's own list are written.
  ip_allocation: row.ip_allocation as Port['ip_allocation'],
  device_id: row.device_id,
  device_owner: row.device_owner,
  security_groups: parts.securityGroups,
  port_security_enabled: row.port_security_enabled === 1,
  allowed_address_pairs: parts.allowedAddressPairs,
  dns_name: row.dns_name,
  dns_domain: row.dns_domain,
  // Answers derive it.
  dns_assignment: undefined,
  ...traitsIn(row.traits),
  extra_dhcp_opts: row.extra_dhcp_opts === '[]' ? [] : optionsIn(row.extra_dhcp_opts),
  'binding:host_id': parts.binding.host,
  'binding:vnic_type': parts.binding.vnicType,
  'binding:profile': parts.binding.profile,
  'binding:vif_type': parts.binding.vifType,
  'binding:vif_details': parts.binding.vifDetails,
  trunk_details: parts.trunk,
  qos_policy_id: parts.qos.own,
  qos_network_policy_id: parts.qos.network,
  resource_request: parts.resourceRequest ?? null,
  description: row.description,
  created_at: row.created_at,
  updated_at: row.updated_at,
  revision_number: row.revision_number,
  tags: parts.tags,
});

const BINDING_ATTRIBUTES = [
  'binding:host_id',
  'binding:vnic_type',
  'binding:profile',
  'binding:vif_type',
  'binding:vif_details',
];

const allocationRows = preparedByIds((query, ids) =>
  query
    .selectFrom('ip_allocations')
    .select(['port_id', 'subnet_id', 'ip_address'])
    .where('port_id', 'in', ids)
    // The order of the index: nothing is left to sort.
    .orderBy('port_id')
    .orderBy('position')
    .orderBy('subnet_id')
    .orderBy('ip_sort'),
);

const fixedIpsOf = async (reader: Reader, ids: readonly string[]) =>
  listsBy(await allocationRows(reader, ids), (row) => [
    row.port_id,
    { subnet_id: row.subnet_id, ip_address: row.ip_address },
  ]);

const groupRows = preparedByIds((query, ids) =>
  query
    .selectFrom('port_security_groups')
    .select(['port_id', 'security_group_id'])
    .where('port_id', 'in', ids)
    .orderBy('port_id')
    .orderBy('security_group_id'),
);

const securityGroupsOf = async (reader: Reader, ids: readonly string[]) =>
  listsBy(await groupRows(reader, ids), (row) => [row.port_id, row.security_group_id]);

const pairRows = preparedByIds((query, ids) =>
  query
    .selectFrom('allowed_address_pairs')
    .select(['port_id', 'mac_address', 'ip_address'])
    .where('port_id', 'in', ids)
    .orderBy('ip_address')
    .orderBy('mac_address'),
);

const addressPairsOf = async (reader: Reader, ids: readonly string[]) =>
  listsBy(await pairRows(reader, ids), (row) => [
    row.port_id,
    { mac_address: row.mac_address, ip_address: row.ip_address },
  ]);

const bindingRows = preparedByIds((query, ids) =>
  query
    .selectFrom('port_bindings')
    .select(['port_id', 'host', 'vnic_type', 'profile', 'vif_type', 'vif_details'])
    .where('port_id', 'in', ids)
    .where('status', '=', ACTIVE),
);

/** The ACTIVE bindings of ports by port id. One query. */
export const activeBindingsOf = async (
  reader: Reader,
  ids: readonly string[],
): Promise<ReadonlyMap<string, ActiveBinding>> => {
  const rows = await bindingRows(reader, ids);
  return new Map(
    rows.map((row) => [
      row.port_id,
      {
        host: row.host,
        // Only values of the API's own list are written.
        vnicType: row.vnic_type as VnicType,
        profile: dictIn(row.profile),
        vifType: row.vif_type,
        vifDetails: dictIn(row.vif_details),
      },
    ]),
  );
};

const NOTHING: ReadonlyMap<string, never> = new Map<string, never>();

/** Rows of `ports` → resources, in order. At most ten queries, whatever the number of rows. */
export const assemblePorts = async (
  reader: Reader,
  rows: readonly PortsTable[],
  wanted: ReadonlySet<string> | undefined,
): Promise<readonly Port[]> => {
  if (rows.length === 0) return [];
  // Frozen, it is spelled once for all the statements below.
  const ids = Object.freeze(rows.map((row) => row.id));
  const needs = (...attributes: readonly string[]) =>
    wanted === undefined || attributes.some((attribute) => wanted.has(attribute));
  const fixedIps = needs('fixed_ips') ? await fixedIpsOf(reader, ids) : NOTHING;
  const groups = needs('security_groups') ? await securityGroupsOf(reader, ids) : NOTHING;
  const pairs = needs('allowed_address_pairs') ? await addressPairsOf(reader, ids) : NOTHING;
  const bindings = needs(...BINDING_ATTRIBUTES, 'resource_request')
    ? await activeBindingsOf(reader, ids)
    : NOTHING;
  const trunks = needs('trunk_details') ? await trunkDetailsOf(reader, ids) : NOTHING;
  const own = needs('qos_policy_id', 'resource_request') ? await portPolicies(reader, ids) : NOTHING;
  const inherited = needs('qos_network_policy_id', 'resource_request')
    ? await networkPolicies(reader, [...new Set(rows.map((row) => row.network_id))])
    : NOTHING;
  const requests = needs('resource_request')
    ? await resourceRequestsOf(
        reader,
        rows.map(({ id, network_id: networkId }) => ({
          id,
          networkId,
          vnicType: (bindings.get(id) ?? UNBOUND).vnicType,
          policyId: own.get(id) ?? inherited.get(networkId) ?? null,
        })),
      )
    : NOTHING;
  const tags = needs('tags') ? await tagsOf(reader, ids) : NOTHING;
  return rows.map((row) =>
    portOf(row, {
      fixedIps: fixedIps.get(row.id) ?? [],
      securityGroups: groups.get(row.id) ?? [],
      allowedAddressPairs: pairs.get(row.id) ?? [],
      binding: bindings.get(row.id) ?? UNBOUND,
      trunk: trunks.get(row.id),
      qos: { own: own.get(row.id) ?? null, network: inherited.get(row.network_id) ?? null },
      resourceRequest: requests.get(row.id),
      tags: tags.get(row.id) ?? [],
    }),
  );
};

const portRows = preparedByIds((query, ids) => query.selectFrom('ports').selectAll().where('id', 'in', ids));

/** Ports by id, whoever owns them, in no order; what does not exist is left out. */
export const portsById = async (reader: Reader, ids: readonly string[]): Promise<readonly Port[]> =>
  assemblePorts(reader, await portRows(reader, ids), undefined);

/** Ports of networks that the caller's project owns. */
const inOwnNetwork =
  (projectId: string): Condition =>
  (eb) =>
    eb.exists(
      eb
        .selectFrom('networks')
        .select('networks.id')
        .whereRef('networks.id', '=', 'ports.network_id')
        .where('networks.project_id', '=', projectId),
    );

export const portStore: ResourceStore<Port> = {
  table: 'ports',
  columns: {
    ...standardColumns,
    ...plainColumns([
      'name',
      'network_id',
      'status',
      'mac_address',
      'device_id',
      'device_owner',
      'ip_allocation',
    ]),
    admin_state_up: flag('admin_state_up'),
  },
  filters: {
    fixed_ips: fixedIpsFilter,
    security_groups: securityGroupsFilter,
    'binding:host_id': hostFilter,
  },
  visibleTo: (context) => inOwnNetwork(context.projectId),
  // The rows were read from `ports`, all columns.
  assemble: (reader, rows, wanted) =>
    assemblePorts(reader, rows as readonly unknown[] as readonly PortsTable[], wanted),
};
