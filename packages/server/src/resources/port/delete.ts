import { type Port, ServicePortInUse } from '@ovenbird/api';
import { eachOf } from '../../db/query/each-of.ts';
import type { WriteStep } from '../../engine/contract.ts';
import { isL3Owned } from '../../ipam/device-owner.ts';
import { removeLogsAbout } from '../log/follow.ts';
import type { PortDependencies } from './dependencies.ts';
import { requireOutsideTrunks } from './trunk-of-port.ts';

/**
 * Forget ports and all that hangs on them, and record it. Addresses, groups, pairs and bindings go with the row.
 *
 * @throws ApiError PortInUseAsSubPort, PortInUseAsTrunkParent
 */
export const removePorts = async (step: WriteStep, ports: readonly Port[]): Promise<void> => {
  const { tx, changes } = step;
  if (ports.length === 0) return;
  const ids = ports.map((port) => port.id);
  await requireOutsideTrunks(tx, ids);
  await removeLogsAbout(step, 'target_id', ports);
  await tx.query.deleteFrom('tags').where('object_id', 'in', eachOf(ids)).execute();
  await tx.query.deleteFrom('ports').where('id', 'in', eachOf(ids)).execute();
  for (const port of ports) changes.record({ kind: 'port', action: 'delete', id: port.id, original: port });
};

/**
 * Delete one port as its owner asks.
 *
 * @throws ApiError ServicePortInUse for a port that a router or floating IP still has; FipAssociated
 */
export const deletePort = async (
  { isHeldByL3, followers }: Pick<PortDependencies, 'isHeldByL3' | 'followers'>,
  step: WriteStep,
  port: Port,
): Promise<void> => {
  if (isL3Owned(port.device_owner) && port.device_id !== '') {
    if (isHeldByL3 === undefined || (await isHeldByL3(step.tx, port))) {
      throw ServicePortInUse({ id: port.id, reason: `has device owner ${port.device_owner}` });
    }
  }
  await followers?.removing(step, [port]);
  await removePorts(step, [port]);
};
