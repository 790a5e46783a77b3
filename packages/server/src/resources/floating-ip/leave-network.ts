import type { WriteStep } from '../../engine/contract.ts';
import { deleteFloatingIp } from './delete.ts';
import { loadFloatingIps } from './store.ts';

/** Delete the floating IPs of a network that lead nowhere: they go with the network. */
export const leaveNetwork = async (step: WriteStep, networkId: string): Promise<void> => {
  const rows = await step.tx.query
    .selectFrom('floating_ips')
    .select('id')
    .where('floating_network_id', '=', networkId)
    .where('fixed_port_id', 'is', null)
    .where('router_id', 'is', null)
    .execute();
  const idle = await loadFloatingIps(
    step.tx,
    rows.map((row) => row.id),
  );
  for (const fip of idle) await deleteFloatingIp(step, fip);
};
