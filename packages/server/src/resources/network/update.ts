import {
  InvalidInput,
  type Network,
  NetworkMTUSubnetConflict,
  type network,
  type UpdateOf,
} from '@ovenbird/api';
import type { Ids } from '../../core/ids.ts';
import type { Transaction } from '../../db/database.ts';
import type { NetworksTable } from '../../db/tables.ts';
import { isPlugged } from '../../ml2/binding-state.ts';
import type { NetworkSegment } from '../../ml2/contract.ts';
import type { Ml2Plugin } from '../../ml2/plugin.ts';
import { flagOf } from '../columns.ts';
import { isOpen, setExternal, setShared } from './access.ts';
import { checkOnlyDefault } from './default-external.ts';

type Body = UpdateOf<typeof network>;
type Segment = NonNullable<Network['segments']>[number];
type Columns = Partial<
  Pick<
    NetworksTable,
    | 'name'
    | 'description'
    | 'admin_state_up'
    | 'mtu'
    | 'port_security_enabled'
    | 'external'
    | 'is_default'
    | 'dns_domain'
  >
>;

/** What a network's update needs besides the transaction. */
export interface NetworkUpdateOptions {
  readonly plugin: Pick<Ml2Plugin, 'segments' | 'mtu' | 'movableVifTypes'>;
  readonly ids: Ids;
}

/** The smallest MTU that a subnet of each IP version works with, octets (RFC 791, RFC 8200). */
const MINIMUM_MTU = { 4: 68, 6: 1280 } as const;

const checkSubnets = async (tx: Transaction, networkId: string, mtu: number): Promise<void> => {
  const versions = await tx.query
    .selectFrom('subnets')
    .select('ip_version')
    .distinct()
    .where('network_id', '=', networkId)
    .execute();
  const needed = Math.max(0, ...versions.map((row) => MINIMUM_MTU[row.ip_version]));
  if (mtu < needed) throw NetworkMTUSubnetConflict({ id: networkId, mtu: needed });
};

/** Bound ports follow a new VLAN id only where their driver says so. */
const checkBoundPorts = async (
  tx: Transaction,
  networkId: string,
  movable: ReadonlySet<string>,
): Promise<void> => {
  const rows = await tx.query
    .selectFrom('port_bindings')
    .innerJoin('ports', 'ports.id', 'port_bindings.port_id')
    .select('port_bindings.vif_type')
    .distinct()
    .where('ports.network_id', '=', networkId)
    .execute();
  if (rows.some((row) => isPlugged(row.vif_type) && !movable.has(row.vif_type))) {
    throw InvalidInput({
      message:
        'Provider network attribute provider:segmentation_id cannot be updated if any port in the network has not ' +
        `the following binding:vif_type: ${['unbound', 'binding_failed', ...movable].join(', ')}`,
    });
  }
};

const FIXED = ['provider:network_type', 'provider:physical_network'] as const;

/** What tells segments apart, whatever the order of the attributes; what is left out is null. */
const textOf = (segments: readonly Partial<Segment>[] = []): string =>
  JSON.stringify(
    segments.map((segment) => [
      segment['provider:network_type'],
      segment['provider:physical_network'] ?? null,
      segment['provider:segmentation_id'] ?? null,
    ]),
  );

const sameSegments = (body: Body, current: Network): boolean =>
  body.segments === undefined || textOf(body.segments) === textOf(current.segments);

/**
 * Only the VLAN id of a network with one segment may change.
 *
 * @returns whether it did
 * @throws ApiError 400 for any other change, 409 when the id is taken
 */
const updateSegment = async (
  { plugin }: NetworkUpdateOptions,
  tx: Transaction,
  current: Network,
  segments: readonly NetworkSegment[],
  body: Body,
): Promise<boolean> => {
  const changed: string[] = FIXED.filter((name) => body[name] !== undefined && body[name] !== current[name]);
  if (!sameSegments(body, current)) changed.push('segments');
  if (changed.length > 0) {
    throw InvalidInput({
      message: `Plugin does not support updating the following provider network attributes: ${changed.join(', ')}`,
    });
  }
  const wanted = body['provider:segmentation_id'];
  const [segment] = segments;
  if (wanted === undefined || wanted === current['provider:segmentation_id']) return false;
  if (segments.length !== 1 || segment === undefined) {
    throw InvalidInput({
      message: 'Provider network attributes can be updated only in provider networks with a single segment',
    });
  }
  await checkBoundPorts(tx, current.id, plugin.movableVifTypes);
  await plugin.segments.changeSegmentationId(tx, segment, wanted);
  return true;
};

const simpleColumns = (current: Network, body: Body): Columns => ({
  ...(body.name !== undefined && body.name !== current.name ? { name: body.name } : {}),
  ...(body.description !== undefined && body.description !== current.description
    ? { description: body.description }
    : {}),
  ...(body.admin_state_up !== undefined && body.admin_state_up !== current.admin_state_up
    ? { admin_state_up: flagOf(body.admin_state_up) }
    : {}),
  ...(body.dns_domain !== undefined && body.dns_domain !== current.dns_domain
    ? { dns_domain: body.dns_domain }
    : {}),
});

const updateMtu = async (
  { plugin }: NetworkUpdateOptions,
  tx: Transaction,
  current: Network,
  segments: readonly NetworkSegment[],
  body: Body,
): Promise<Columns> => {
  if (body.mtu === undefined) return {};
  const mtu = plugin.mtu.resolve(segments, body.mtu);
  if (mtu === current.mtu) return {};
  await checkSubnets(tx, current.id, mtu);
  return { mtu };
};

const updateAccess = async (
  ids: Ids,
  tx: Transaction,
  current: Network,
  body: Body,
): Promise<{ readonly columns: Columns; readonly changed: boolean }> => {
  const shared = body.shared !== undefined && body.shared !== (await isOpen(tx, current.id));
  if (shared) await setShared(tx, ids, current, body.shared === true);
  const external = body['router:external'];
  if (external === undefined || external === current['router:external'])
    return { columns: {}, changed: shared };
  await setExternal(tx, ids, current, external);
  return { columns: { external: flagOf(external) }, changed: shared };
};

/** The flag of the default external network, which goes when the network is external no more. */
const updateDefault = async (tx: Transaction, current: Network, body: Body): Promise<Columns> => {
  const external = body['router:external'] ?? current['router:external'];
  const wanted = external && (body.is_default ?? current.is_default);
  if (wanted === current.is_default) return {};
  if (wanted) await checkOnlyDefault(tx, current.id);
  return { is_default: flagOf(wanted) };
};

/**
 * Carry a PUT body into SQL.
 *
 * @param extended columns that extension drivers completed
 * @param alsoChanged what the network has in other tables is another already
 * @returns whether anything changed; then the revision is one more
 */
export const applyNetworkUpdate = async (
  options: NetworkUpdateOptions,
  tx: Transaction,
  current: Network,
  body: Body,
  extended: Columns,
  alsoChanged: boolean,
): Promise<boolean> => {
  const needsSegments = body.mtu !== undefined || body['provider:segmentation_id'] !== undefined;
  const segments = needsSegments
    ? ((await options.plugin.segments.byNetwork(tx, [current.id])).get(current.id) ?? [])
    : [];
  const moved = await updateSegment(options, tx, current, segments, body);
  const access = await updateAccess(options.ids, tx, current, body);
  const columns: Columns = {
    ...simpleColumns(current, body),
    ...(await updateMtu(options, tx, current, segments, body)),
    ...access.columns,
    ...(await updateDefault(tx, current, body)),
    ...extended,
  };
  if (!moved && !access.changed && !alsoChanged && Object.keys(columns).length === 0) return false;
  await tx.query
    .updateTable('networks')
    .set((eb) => ({ ...columns, revision_number: eb('revision_number', '+', 1), updated_at: tx.now }))
    .where('id', '=', current.id)
    .execute();
  return true;
};
