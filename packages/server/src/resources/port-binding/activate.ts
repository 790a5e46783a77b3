import { type Port, type PortBinding, PortBindingAlreadyActive } from '@ovenbird/api';
import { ACTIVE } from '../../db/query/literals.ts';
import type { WriteStep } from '../../engine/contract.ts';
import { dropLevels, VIF_UNBOUND } from '../../ml2/binding-state.ts';
import type { PortLoader } from '../../ml2/port-loader.ts';

/** The port's status is DOWN until the drivers see it up, and its revision one more. Recorded for them. */
export const recordRebound = async (
  { tx, changes }: WriteStep,
  original: Port,
  loadPorts: PortLoader,
): Promise<Port> => {
  await tx.query
    .updateTable('ports')
    .set((eb) => ({
      status: 'DOWN',
      revision_number: eb('revision_number', '+', 1),
      updated_at: tx.now,
    }))
    .where('id', '=', original.id)
    .execute();
  const [current] = await loadPorts(tx, [original.id]);
  if (current === undefined) throw new Error(`port ${original.id} vanished within its own transaction`);
  changes.record({ kind: 'port', action: 'update', id: original.id, original, current });
  return current;
};

/**
 * Swap: the prepared binding becomes the active one, and the active one an unbound spare that may be deleted. Both in
 * one transaction, so that a port has exactly one active binding at any time.
 *
 * @throws PortBindingAlreadyActive 409
 */
export const activateBinding = async (
  step: WriteStep,
  port: Port,
  member: PortBinding,
  loadPorts: PortLoader,
): Promise<PortBinding> => {
  const { tx } = step;
  if (member.status === 'ACTIVE') throw PortBindingAlreadyActive({ portId: port.id, host: member.host });
  const left = port['binding:host_id'];
  await dropLevels(tx, port.id, left);
  await tx.query
    .updateTable('port_bindings')
    .set({ status: 'INACTIVE', vif_type: VIF_UNBOUND, vif_details: '{}' })
    .where('port_id', '=', port.id)
    .where('status', '=', ACTIVE)
    .execute();
  await tx.query
    .updateTable('port_bindings')
    .set({ status: 'ACTIVE' })
    .where('port_id', '=', port.id)
    .where('host', '=', member.host)
    .execute();
  // A binding to no host prepares nothing.
  if (left === '') {
    await tx.query
      .deleteFrom('port_bindings')
      .where('port_id', '=', port.id)
      .where('host', '=', '')
      .execute();
  }
  await recordRebound(step, port, loadPorts);
  return { ...member, status: 'ACTIVE' };
};
