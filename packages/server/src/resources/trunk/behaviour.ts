import {
  type CreateOf,
  InvalidInput,
  isDict,
  presenter,
  SubPortNotFound,
  type SubPortRequest,
  subPorts,
  type Trunk,
  TrunkDisabled,
  TrunkInUse,
  trunk,
  type UpdateOf,
} from '@ovenbird/api';
import type { Ids } from '../../core/ids.ts';
import { ACTIVE } from '../../db/query/literals.ts';
import type { TrunksTable } from '../../db/tables.ts';
import type { StoredBehaviour, WriteStep } from '../../engine/contract.ts';
import { flagOf } from '../columns.ts';
import { lostRace } from '../port/lost-race.ts';
import { canBeTrunked, candidatesOf, checkParent, checkSubPorts } from './check.ts';
import { plugSubPorts, unplugSubPorts } from './plug.ts';
import { inOrder, trunkOf, trunkStore } from './store.ts';

/** OVN needs nothing prepared on hosts: a trunk is ready when it is stored. */
const READY = 'ACTIVE';

const idsIn = (requests: readonly SubPortRequest[]): string[] => requests.map((request) => request.port_id);

const createOne = async (ids: Ids, step: WriteStep, body: CreateOf<typeof trunk>): Promise<Trunk> => {
  const { tx } = step;
  const candidates = await candidatesOf(step, [body.port_id, ...idsIn(body.sub_ports)]);
  const { mtu } = checkParent(candidates, body.port_id);
  const place = { trunkId: body.port_id, parentId: body.port_id, mtu, taken: [] };
  const below = checkSubPorts(candidates, place, body.sub_ports);
  const row: TrunksTable = {
    id: ids.uuid(),
    project_id: body.project_id ?? step.context.projectId,
    name: body.name,
    description: body.description,
    admin_state_up: flagOf(body.admin_state_up),
    port_id: body.port_id,
    status: READY,
    created_at: tx.now,
    updated_at: tx.now,
    revision_number: 1,
  };
  try {
    await tx.query.insertInto('trunks').values(row).execute();
    await plugSubPorts(step, { id: row.id, parentId: row.port_id }, below);
  } catch (error) {
    throw lostRace(error);
  }
  return trunkOf(row, inOrder(below), []);
};

const revise = async (
  { tx }: WriteStep,
  current: Trunk,
  changes: Partial<Pick<Trunk, 'name' | 'description' | 'admin_state_up' | 'sub_ports' | 'status'>>,
): Promise<Trunk> => {
  const { sub_ports: _subPorts, admin_state_up: up, ...columns } = changes;
  const revision = { revision_number: current.revision_number + 1, updated_at: tx.now };
  await tx.query
    .updateTable('trunks')
    .set({ ...columns, ...(up === undefined ? {} : { admin_state_up: flagOf(up) }), ...revision })
    .where('id', '=', current.id)
    .execute();
  return { ...current, ...changes, ...revision };
};

const update = (step: WriteStep, current: Trunk, body: UpdateOf<typeof trunk>): Promise<Trunk> | Trunk => {
  const { name = current.name, description = current.description } = body;
  const { admin_state_up: up = current.admin_state_up } = body;
  const same = name === current.name && description === current.description && up === current.admin_state_up;
  return same ? current : revise(step, current, { name, description, admin_state_up: up });
};

const requireEnabled = ({ id, admin_state_up: up }: Trunk): void => {
  if (!up) throw TrunkDisabled({ id });
};

const remove = async (step: WriteStep, current: Trunk): Promise<void> => {
  requireEnabled(current);
  const { tx } = step;
  const binding = await tx.query
    .selectFrom('port_bindings')
    .select(['host', 'vif_type as vifType'])
    .where('port_id', '=', current.port_id)
    .where('status', '=', ACTIVE)
    .executeTakeFirst();
  if (binding !== undefined && !canBeTrunked(binding)) throw TrunkInUse({ id: current.id });
  await unplugSubPorts(step, idsIn(current.sub_ports));
  await tx.query.deleteFrom('tags').where('object_id', '=', current.id).execute();
  await tx.query.deleteFrom('trunks').where('id', '=', current.id).execute();
};

/** The sub-ports of an action's body. Throws ApiError 400. */
const subPortsIn = (body: unknown): readonly SubPortRequest[] => {
  const parsed = subPorts.parse(isDict(body) ? body.sub_ports : undefined);
  if (!parsed.ok) throw InvalidInput({ message: parsed.reason });
  return parsed.value;
};

const addSubPorts = async (step: WriteStep, current: Trunk, body: unknown): Promise<Trunk> => {
  const requests = subPortsIn(body);
  requireEnabled(current);
  const { id: trunkId, port_id: parentId } = current;
  const candidates = await candidatesOf(step, idsIn(requests));
  const parent = await step.tx.query
    .selectFrom('ports')
    .innerJoin('networks', 'networks.id', 'ports.network_id')
    .select('networks.mtu')
    .where('ports.id', '=', parentId)
    .executeTakeFirstOrThrow();
  const place = { trunkId, parentId, mtu: parent.mtu, taken: current.sub_ports };
  const added = checkSubPorts(candidates, place, requests);
  if (added.length === 0) return current;
  try {
    await plugSubPorts(step, { id: trunkId, parentId }, added);
  } catch (error) {
    throw lostRace(error);
  }
  return revise(step, current, { sub_ports: inOrder([...current.sub_ports, ...added]), status: READY });
};

const removeSubPorts = async (step: WriteStep, current: Trunk, body: unknown): Promise<Trunk> => {
  requireEnabled(current);
  const removed = new Set(idsIn(subPortsIn(body)));
  const there = new Set(idsIn(current.sub_ports));
  for (const portId of removed) {
    if (!there.has(portId)) throw SubPortNotFound({ trunkId: current.id, portId });
  }
  if (removed.size === 0) return current;
  await unplugSubPorts(step, [...removed]);
  const left = current.sub_ports.filter(({ port_id: portId }) => !removed.has(portId));
  return revise(step, current, { sub_ports: left, status: READY });
};

const shown = presenter(trunk);

/** Trunks: sub-ports become part of their parent in OVN through their binding profile. */
export const createTrunkBehaviour = (ids: Ids): StoredBehaviour<typeof trunk> => ({
  kind: 'stored',
  definition: trunk,
  store: trunkStore,
  async create(step, bodies) {
    const made: Trunk[] = [];
    for (const body of bodies) made.push(await createOne(ids, step, body));
    return made;
  },
  update: async (step, current, body) => update(step, current, body),
  delete: remove,
  actions: {
    add_subports: async (step, current, { body }) => shown(await addSubPorts(step, current, body)),
    remove_subports: async (step, current, { body }) => shown(await removeSubPorts(step, current, body)),
    get_subports: async (_step, current) => ({ sub_ports: current.sub_ports }),
  },
});
