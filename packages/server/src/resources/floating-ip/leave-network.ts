import type { WriteStep } from '../../engine/contract.ts';
import { AUTO_DELETED } from '../../ipam/device-owner.ts';
import { floatingIpFollowers } from '../port-forwarding/followers.ts';
import { deleteFloatingIp } from './delete.ts';
import { loadFloatingIps } from './store.ts';

/** Ports that go with their network may have got a floating IP before they were the network's own. */
const releaseOwnPorts = async (step: WriteStep, networkId: string): Promise<void> => {
  const ports = await step.tx.query
    .selectFrom('ports')
    .select('id')
    .where('network_id', '=', networkId)
    .where('device_owner', 'in', AUTO_DELETED)
    .execute();
  if (ports.length > 0) await floatingIpFollowers.removing(step, ports);
};

/**
 * What floating IPs have to do with a network that is about to go: those of it that lead nowhere are deleted, and those
 * that lead to ports which the service has there are disassociated.
 */
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
  await releaseOwnPorts(step, networkId);
};
