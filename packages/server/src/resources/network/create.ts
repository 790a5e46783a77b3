import { AvailabilityZoneNotFound, type CreateOf, type Network, type network } from '@ovenbird/api';
import type { Ids } from '../../core/ids.ts';
import type { Transaction } from '../../db/database.ts';
import type { NetworksTable, RbacEntriesTable } from '../../db/tables.ts';
import type { NetworkSegment } from '../../ml2/contract.ts';
import type { Ml2Plugin } from '../../ml2/plugin.ts';
import { requestedSegments } from '../../ml2/segment-request.ts';
import type { ReservedSegment } from '../../ml2/segments.ts';
import { flagOf } from '../columns.ts';
import { insertRows } from '../insert.ts';
import { assignToNetworks } from '../qos/assignment.ts';
import { openEntry } from './access.ts';
import { checkOnlyDefault } from './default-external.ts';
import { networkOf } from './store.ts';

type Body = CreateOf<typeof network>;

/** What making networks needs besides the transaction. */
export interface NetworkCreateOptions {
  readonly plugin: Pick<Ml2Plugin, 'segments' | 'mtu' | 'extensions'>;
  readonly ids: Ids;
  /** Names that `availability_zone_hints` may give. */
  availabilityZones(): Promise<ReadonlySet<string>>;
}

interface Made {
  readonly row: NetworksTable;
  readonly shared: boolean;
  readonly reserved: readonly ReservedSegment[];
}

const checkZones = async (options: NetworkCreateOptions, bodies: readonly Body[]): Promise<void> => {
  const wanted = bodies.flatMap((body) => body.availability_zone_hints);
  if (wanted.length === 0) return;
  const known = await options.availabilityZones();
  for (const zone of wanted) if (!known.has(zone)) throw AvailabilityZoneNotFound({ zone });
};

const make = async ({ plugin, ids }: NetworkCreateOptions, tx: Transaction, body: Body): Promise<Made> => {
  const external = body['router:external'];
  const isDefault = external && body.is_default;
  if (isDefault) await checkOnlyDefault(tx, undefined);
  const reserved = await plugin.segments.reserve(
    tx,
    requestedSegments(body),
    external,
    body.project_id ?? '',
  );
  const values: { [attribute: string]: unknown } = { port_security_enabled: body.port_security_enabled };
  await plugin.extensions.network(
    { action: 'create', original: undefined, requested: body, values, reader: tx },
    tx,
  );
  const row: NetworksTable = {
    id: ids.uuid(),
    project_id: body.project_id ?? '',
    name: body.name,
    description: body.description,
    admin_state_up: flagOf(body.admin_state_up),
    status: 'ACTIVE',
    mtu: plugin.mtu.resolve(reserved, body.mtu),
    port_security_enabled: flagOf(values.port_security_enabled === true),
    external: flagOf(external),
    is_default: flagOf(isDefault),
    vlan_transparent: flagOf(body.vlan_transparent ?? false),
    availability_zone_hints: JSON.stringify(body.availability_zone_hints),
    dns_domain: body.dns_domain,
    created_at: tx.now,
    updated_at: tx.now,
    revision_number: 1,
  };
  return { row, shared: body.shared, reserved };
};

const entriesOf = (ids: Ids, made: readonly Made[]): readonly RbacEntriesTable[] =>
  made.flatMap(({ row, shared }) => [
    ...(shared ? [openEntry(ids, row, 'access_as_shared')] : []),
    ...(row.external === 1 ? [openEntry(ids, row, 'access_as_external')] : []),
  ]);

/**
 * Make networks with their segments: one statement a table for all of them, and one or more a segment to reserve it.
 *
 * @param policies of quality of service, in the order of `bodies`; null: none
 * @throws ApiError 400, 409 or 503 as segments and MTU say; 404 for an unknown availability zone
 */
export const createNetworks = async (
  options: NetworkCreateOptions,
  tx: Transaction,
  bodies: readonly Body[],
  policies: readonly (string | null)[],
): Promise<readonly Network[]> => {
  await checkZones(options, bodies);
  const made: Made[] = [];
  for (const body of bodies) made.push(await make(options, tx, body));
  await insertRows(
    tx,
    'networks',
    made.map(({ row }) => row),
  );
  const segments = await options.plugin.segments.store(
    tx,
    new Map(made.map(({ row, reserved }) => [row.id, reserved])),
  );
  await insertRows(tx, 'rbac_entries', entriesOf(options.ids, made));
  await assignToNetworks(
    tx,
    made.map(({ row }, index) => ({ id: row.id, policyId: policies[index] ?? null })),
  );
  const byNetwork: ReadonlyMap<string, readonly NetworkSegment[]> = Map.groupBy(
    segments,
    (segment) => segment.networkId,
  );
  return made.map(({ row, shared }, index) =>
    networkOf(row, {
      segments: byNetwork.get(row.id) ?? [],
      shared,
      subnets: [],
      qosPolicy: policies[index] ?? null,
      tags: [],
    }),
  );
};
