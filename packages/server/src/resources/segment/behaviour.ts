import {
  type CreateOf,
  NetworkNotFound,
  type NetworkSegmentResource,
  SegmentInUse,
  segment,
  type UpdateOf,
} from '@ovenbird/api';
import type { Transaction } from '../../db/database.ts';
import type { StoredBehaviour, WriteStep } from '../../engine/contract.ts';
import type { Ml2Plugin } from '../../ml2/plugin.ts';
import type { SubnetDependencies } from '../subnet/dependencies.ts';
import { revisingNetworks } from '../subnet/network-revision.ts';
import { loadSegments, segmentStore } from './store.ts';

/** What segments are made and removed with. */
export interface SegmentDependencies extends Pick<SubnetDependencies, 'loadNetworks'> {
  readonly plugin: Pick<Ml2Plugin, 'segments' | 'mtu'>;
}

const create = async (
  deps: SegmentDependencies,
  step: WriteStep,
  body: CreateOf<typeof segment>,
): Promise<string> => {
  const { tx } = step;
  const { plugin } = deps;
  const network = await tx.query
    .selectFrom('networks')
    .select(['id', 'project_id', 'mtu'])
    .where('id', '=', body.network_id)
    .executeTakeFirst();
  if (network === undefined) throw NetworkNotFound({ id: body.network_id });
  const spec = {
    networkType: body.network_type,
    physicalNetwork: body.physical_network || undefined,
    segmentationId: body.segmentation_id ?? undefined,
  };
  return revisingNetworks(deps, step, [network.id], async () => {
    const [reserved] = await plugin.segments.reserve(tx, [spec], false, network.project_id);
    if (reserved === undefined) throw new Error('a segment was asked for and none reserved');
    const known = (await plugin.segments.byNetwork(tx, [network.id])).get(network.id) ?? [];
    plugin.mtu.resolve([...known, reserved], network.mtu);
    const names = { name: body.name ?? '', description: body.description };
    return plugin.segments.add(tx, network.id, reserved, names);
  });
};

const update = async (
  tx: Transaction,
  current: NetworkSegmentResource,
  body: UpdateOf<typeof segment>,
): Promise<NetworkSegmentResource> => {
  const { name = current.name, description = current.description } = body;
  if (name === current.name && description === current.description) return current;
  const revision = { revision_number: current.revision_number + 1, updated_at: tx.now };
  await tx.query
    .updateTable('network_segments')
    .set({ name: name ?? '', description, ...revision })
    .where('id', '=', current.id)
    .execute();
  return { ...current, name, description, ...revision };
};

/** Throws ApiError SegmentInUse while subnets belong to it or ports are bound on it. */
const requireUnused = async (tx: Transaction, id: string): Promise<void> => {
  const subnets = await tx.query
    .selectFrom('subnets')
    .select('id')
    .where('segment_id', '=', id)
    .orderBy('id')
    .execute();
  const told = subnets.map((row) => row.id).join(', ');
  if (told !== '')
    throw SegmentInUse({ id, reason: `The segment is still associated with subnet(s) ${told}` });
  const port = await tx.query
    .selectFrom('port_binding_levels')
    .select('port_id')
    .where('segment_id', '=', id)
    .limit(1)
    .executeTakeFirst();
  if (port !== undefined)
    throw SegmentInUse({ id, reason: `The segment is still bound with port(s) ${port.port_id}` });
};

const remove = async (
  deps: SegmentDependencies,
  step: WriteStep,
  current: NetworkSegmentResource,
): Promise<void> => {
  await requireUnused(step.tx, current.id);
  await revisingNetworks(deps, step, [current.network_id], () =>
    deps.plugin.segments.remove(step.tx, current.id),
  );
};

/** Segments of networks. Making or removing one changes its network, and what OVN joins to the wire. */
export const createSegmentBehaviour = (deps: SegmentDependencies): StoredBehaviour<typeof segment> => ({
  kind: 'stored',
  definition: segment,
  store: segmentStore,
  async create(step, bodies) {
    const made: string[] = [];
    for (const body of bodies) made.push(await create(deps, step, body));
    return loadSegments(step.tx, made);
  },
  update: ({ tx }, current, body) => update(tx, current, body),
  delete: (step, current) => remove(deps, step, current),
});
