import { DeviceIDNotOwnedByTenant } from '@ovenbird/api';
import { eachOf } from '../../db/query/each-of.ts';
import type { WriteStep } from '../../engine/contract.ts';
import { isRouterInterface } from '../../ipam/device-owner.ts';

/** What a port says it is plugged into. */
export interface PortDevice {
  readonly deviceId: string;
  readonly deviceOwner: string;
  /** Of the port. */
  readonly projectId: string;
}

/**
 * Nobody but an administrator makes ports that pass for interfaces of a router of another project than theirs. No query
 * unless a port says that it is an interface.
 *
 * @throws ApiError DeviceIDNotOwnedByTenant
 */
export const checkRouterDevices = async (
  { tx, isAdmin }: WriteStep,
  devices: readonly PortDevice[],
): Promise<void> => {
  if (isAdmin) return;
  const plugged = devices.filter(
    ({ deviceId, deviceOwner }) => deviceId !== '' && isRouterInterface(deviceOwner),
  );
  if (plugged.length === 0) return;
  const routers = await tx.query
    .selectFrom('routers')
    .select(['id', 'project_id'])
    .where('id', 'in', eachOf(plugged.map(({ deviceId }) => deviceId)))
    .execute();
  const owners = new Map(routers.map((router) => [router.id, router.project_id]));
  const foreign = plugged.find(
    ({ deviceId, projectId }) => (owners.get(deviceId) ?? projectId) !== projectId,
  );
  if (foreign !== undefined) throw DeviceIDNotOwnedByTenant({ deviceId: foreign.deviceId });
};
