import { DeviceIDNotOwnedByTenant } from '@ovenbird/api';
import { eachOf } from '../../db/query/each-of.ts';
import type { WriteStep } from '../../engine/contract.ts';
import { isRouterInterface } from '../../ipam/device-owner.ts';

/** What a port says it is plugged into. */
export interface PortDevice {
  readonly deviceId: string;
  readonly deviceOwner: string;
}

/**
 * Nobody but an administrator makes ports that pass for interfaces of another project's router. No query unless a port
 * says that it is an interface.
 *
 * @throws ApiError DeviceIDNotOwnedByTenant
 */
export const checkRouterDevices = async (
  { tx, context, isAdmin }: WriteStep,
  devices: readonly PortDevice[],
): Promise<void> => {
  if (isAdmin) return;
  const ids = devices
    .filter(({ deviceId, deviceOwner }) => deviceId !== '' && isRouterInterface(deviceOwner))
    .map(({ deviceId }) => deviceId);
  if (ids.length === 0) return;
  const foreign = await tx.query
    .selectFrom('routers')
    .select('id')
    .where('id', 'in', eachOf(ids))
    .where('project_id', '!=', context.projectId)
    .limit(1)
    .executeTakeFirst();
  if (foreign !== undefined) throw DeviceIDNotOwnedByTenant({ deviceId: foreign.id });
};
