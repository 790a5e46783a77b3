import { BadRequest, FipAssociated, type FloatingIp, type Port } from '@ovenbird/api';
import { eachOf } from '../../db/query/each-of.ts';
import type { WriteStep } from '../../engine/contract.ts';
import { NOT_ASSOCIATED } from '../floating-ip/association.ts';
import { reviseFloatingIps } from '../floating-ip/revise.ts';
import { assembleFloatingIps } from '../floating-ip/store.ts';
import type { PortFollowers } from '../port/followers.ts';
import { removeForwardings } from './remove.ts';
import { forwardingsToPorts } from './store.ts';

const associatedWith = async (
  { tx }: WriteStep,
  ports: readonly Pick<Port, 'id'>[],
): Promise<readonly FloatingIp[]> => {
  const rows = await tx.query
    .selectFrom('floating_ips')
    .selectAll()
    .where('fixed_port_id', 'in', eachOf(ports.map((port) => port.id)))
    .execute();
  return assembleFloatingIps(tx, rows);
};

const disassociate = async (step: WriteStep, fips: readonly FloatingIp[]): Promise<void> => {
  const foreign = step.isAdmin
    ? undefined
    : fips.find((fip) => fip.project_id !== step.context.projectId && fip.port_id !== null);
  if (foreign !== undefined) throw FipAssociated({ portId: foreign.port_id ?? '' });
  for (const [routerId, through] of Map.groupBy(fips, (fip) => fip.router_id))
    await reviseFloatingIps(step, through, { ...NOT_ASSOCIATED, last_known_router_id: routerId });
};

/**
 * Floating IPs are disassociated from ports that go, and port forwardings to them go too. A port keeps the addresses
 * that floating IPs lead to; port forwardings to an address that it loses go.
 */
export const floatingIpFollowers: PortFollowers = {
  async removing(step, ports) {
    const ids = ports.map((port) => port.id);
    await disassociate(step, await associatedWith(step, ports));
    await removeForwardings(step, await forwardingsToPorts(step.tx, ids));
  },
  async readdressed(step, port, addresses) {
    const kept = new Set(addresses.map((ip) => ip.ip_address));
    const fips = await associatedWith(step, [port]);
    if (fips.some((fip) => fip.fixed_ip_address !== null && !kept.has(fip.fixed_ip_address))) {
      const msg =
        `Cannot update the fixed_ips of the port ${port.id}, because its original fixed_ip ` +
        'has been associated to a floating ip';
      throw BadRequest({ resource: 'port', msg });
    }
    const forwardings = await forwardingsToPorts(step.tx, [port.id]);
    await removeForwardings(
      step,
      forwardings.filter((one) => !kept.has(one.internal_ip_address)),
    );
  },
};
