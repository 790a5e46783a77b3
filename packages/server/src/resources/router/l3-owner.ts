import type { Port } from '@ovenbird/api';
import type { Reader } from '../../db/database.ts';
import { FLOATING_IP } from '../../ipam/device-owner.ts';

/** Whether the router or floating IP that a port says it belongs to exists. One query. */
export const l3OwnerExists = async (
  { query }: Reader,
  { device_owner: owner, device_id: id }: Pick<Port, 'device_owner' | 'device_id'>,
): Promise<boolean> => {
  const found = await (owner === FLOATING_IP
    ? query.selectFrom('floating_ips').select('id').where('id', '=', id)
    : query.selectFrom('routers').select('id').where('id', '=', id)
  ).executeTakeFirst();
  return found !== undefined;
};
