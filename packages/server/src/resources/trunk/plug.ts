import type { Port, SubPort } from '@ovenbird/api';
import { eachOf } from '../../db/query/each-of.ts';
import type { WriteStep } from '../../engine/contract.ts';
import { VIF_UNBOUND } from '../../ml2/binding-state.ts';
import { insertRows } from '../insert.ts';
import { portsById } from '../port/store.ts';

const SUBPORT_OWNER = 'trunk:subport';
const NESTED_VIF_TYPE = 'ovs';

/** What joining or leaving a trunk does to a port. */
interface Nesting {
  readonly deviceOwner: string;
  readonly vifType: string;
  profile(port: Port): { readonly [key: string]: unknown };
}

const nest = async ({ tx, changes }: WriteStep, ids: readonly string[], nesting: Nesting): Promise<void> => {
  if (ids.length === 0) return;
  const before = await portsById(tx, ids);
  for (const port of before) {
    await tx.query
      .updateTable('port_bindings')
      .set({ profile: JSON.stringify(nesting.profile(port)), vif_type: nesting.vifType })
      .where('port_id', '=', port.id)
      .execute();
  }
  await tx.query.deleteFrom('port_binding_levels').where('port_id', 'in', eachOf(ids)).execute();
  await tx.query
    .updateTable('ports')
    .set({ device_owner: nesting.deviceOwner, updated_at: tx.now })
    .set((eb) => ({ revision_number: eb('revision_number', '+', 1) }))
    .where('id', 'in', eachOf(ids))
    .execute();
  const after = new Map((await portsById(tx, ids)).map((port) => [port.id, port]));
  for (const original of before) {
    const current = after.get(original.id);
    if (current === undefined) throw new Error(`port ${original.id} vanished within its own transaction`);
    changes.record({ kind: 'port', action: 'update', id: original.id, original, current });
  }
};

/** Put sub-ports into a trunk. */
export const plugSubPorts = async (
  step: WriteStep,
  trunk: { readonly id: string; readonly parentId: string },
  subPorts: readonly SubPort[],
): Promise<void> => {
  await insertRows(
    step.tx,
    'trunk_sub_ports',
    subPorts.map((subPort) => ({ trunk_id: trunk.id, ...subPort })),
  );
  const tags = new Map(subPorts.map((subPort) => [subPort.port_id, subPort.segmentation_id]));
  await nest(step, [...tags.keys()], {
    deviceOwner: SUBPORT_OWNER,
    vifType: NESTED_VIF_TYPE,
    profile: (port) => ({
      ...port['binding:profile'],
      parent_name: trunk.parentId,
      tag: tags.get(port.id),
    }),
  });
};

/** Take sub-ports out of their trunk. */
export const unplugSubPorts = async (step: WriteStep, portIds: readonly string[]): Promise<void> => {
  await step.tx.query.deleteFrom('trunk_sub_ports').where('port_id', 'in', eachOf(portIds)).execute();
  await nest(step, portIds, {
    deviceOwner: '',
    vifType: VIF_UNBOUND,
    profile: (port) => {
      const { parent_name: _parent, tag: _tag, ...rest } = port['binding:profile'];
      return rest;
    },
  });
};
