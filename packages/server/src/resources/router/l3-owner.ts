import type { Port } from '@ovenbird/api';
import type { Reader } from '../../db/database.ts';

/** Whether a router or floating IP has the port, whatever the port says of itself. One query. */
export const isHeldByL3 = async ({ query }: Reader, { id }: Pick<Port, 'id'>): Promise<boolean> => {
  const holder = await query
    .selectFrom('router_ports')
    .select('port_id')
    .where('port_id', '=', id)
    .union(
      query
        .selectFrom('floating_ips')
        .select('floating_port_id as port_id')
        .where('floating_port_id', '=', id),
    )
    .executeTakeFirst();
  return holder !== undefined;
};
