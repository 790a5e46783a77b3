import { FipInUseByPortForwarding, type FloatingIp } from '@ovenbird/api';
import type { WriteStep } from '../../engine/contract.ts';
import { removePorts } from '../port/delete.ts';
import { portsById } from '../port/store.ts';

/**
 * Delete one floating IP and the port that holds its address.
 *
 * @throws ApiError FipInUseByPortForwarding
 */
export const deleteFloatingIp = async (step: WriteStep, current: FloatingIp): Promise<void> => {
  const { tx, changes } = step;
  if (current.port_forwardings.length > 0) throw FipInUseByPortForwarding({ id: current.id });
  const row = await tx.query
    .selectFrom('floating_ips')
    .select('floating_port_id')
    .where('id', '=', current.id)
    .executeTakeFirstOrThrow();
  await tx.query.deleteFrom('tags').where('object_id', '=', current.id).execute();
  await tx.query.deleteFrom('floating_ips').where('id', '=', current.id).execute();
  await removePorts(step, await portsById(tx, [row.floating_port_id]));
  changes.record({ kind: 'floatingip', action: 'delete', id: current.id, original: current });
};
