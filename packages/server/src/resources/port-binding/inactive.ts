import { type Port, type PortBinding, PortBindingError, PortBindingNotFound } from '@ovenbird/api';
import type { Transaction } from '../../db/database.ts';
import type { WriteWithin } from '../../engine/contract.ts';
import type { BoundResult } from '../../ml2/bind-attempt.ts';
import { type Binding, storeLevels } from '../../ml2/binding.ts';
import { dropBinding, dropLevels, VIF_BINDING_FAILED, VIF_UNBOUND } from '../../ml2/binding-state.ts';
import { bindingOf } from './rows.ts';

/** Store how a prepared binding would attach; only while it is still as the drivers were asked about it. */
const storeResult = async (
  tx: Transaction,
  port: Port,
  asked: PortBinding,
  result: BoundResult,
): Promise<boolean> => {
  const stored = await tx.query
    .updateTable('port_bindings')
    .set({ vif_type: result.vifType, vif_details: JSON.stringify(result.vifDetails) })
    .where('port_id', '=', port.id)
    .where('host', '=', asked.host)
    .where('status', '=', 'INACTIVE')
    .where('vnic_type', '=', asked.vnic_type)
    .where('profile', '=', JSON.stringify(asked.profile))
    .where('vif_type', 'in', [VIF_UNBOUND, VIF_BINDING_FAILED])
    .returning('host')
    .execute();
  if (stored.length === 0) return false;
  await dropLevels(tx, port.id, asked.host);
  await storeLevels(tx, [{ portId: port.id, host: asked.host, result }]);
  return true;
};

/**
 * Ask the drivers how a port would attach to the host that a migration takes it to, and keep the answer. A binding that
 * no driver can make is not kept.
 *
 * @throws PortBindingError 500 when no driver can, PortBindingNotFound 404 when it was deleted meanwhile
 */
export const settleInactive = async (
  binding: Pick<Binding, 'attempt'>,
  write: WriteWithin,
  port: Port,
  member: PortBinding,
): Promise<PortBinding> => {
  const target = { port, host: member.host, vnicType: member.vnic_type, profile: member.profile };
  const [result] = await binding.attempt([target]);
  if (result === undefined) {
    await write(({ tx }) => dropBinding(tx, port.id, member.host));
    throw PortBindingError({ portId: port.id, host: member.host });
  }
  return write(async ({ tx }) => {
    await storeResult(tx, port, member, result);
    const current = await bindingOf(tx, port, member.host);
    if (current === undefined) throw PortBindingNotFound({ portId: port.id, host: member.host });
    return current;
  });
};
