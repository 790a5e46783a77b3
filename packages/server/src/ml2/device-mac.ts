import { macAddress, type Port } from '@ovenbird/api';
import type { Transaction } from '../db/database.ts';
import { ACTIVE } from '../db/query/literals.ts';
import { VIF_BINDING_FAILED, VIF_UNBOUND } from './binding-state.ts';

/** A whole physical device keeps its own MAC address, so the port takes it over: Nova names it in the profile. */
const deviceMacOf = (port: Port): string | undefined => {
  if (port['binding:vnic_type'] !== 'direct-physical') return undefined;
  const given = macAddress.parse(port['binding:profile'].device_mac_address);
  return given.ok && given.value !== port.mac_address ? given.value : undefined;
};

const isFree = async (tx: Transaction, port: Port, mac: string): Promise<boolean> => {
  const holder = await tx.query
    .selectFrom('ports')
    .select('id')
    .where('network_id', '=', port.network_id)
    .where('mac_address', '=', mac)
    .executeTakeFirst();
  return holder === undefined;
};

/**
 * Give a port that is about to be bound the MAC address of its device, where it has one of its own.
 *
 * @returns false when another port of the network has that address; then the port cannot be bound
 */
export const takeDeviceMac = async (tx: Transaction, port: Port): Promise<boolean> => {
  const mac = deviceMacOf(port);
  if (mac === undefined) return true;
  if (!(await isFree(tx, port, mac))) return false;
  // Only while the binding is the one that the drivers were asked about; else this attempt is about to lose anyway.
  await tx.query
    .updateTable('ports')
    .set({ mac_address: mac })
    .where('id', '=', port.id)
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('port_bindings')
          .select('port_bindings.port_id')
          .whereRef('port_bindings.port_id', '=', 'ports.id')
          .where('port_bindings.status', '=', ACTIVE)
          .where('port_bindings.host', '=', port['binding:host_id'])
          .where('port_bindings.profile', '=', JSON.stringify(port['binding:profile']))
          .where('port_bindings.vif_type', 'in', [VIF_UNBOUND, VIF_BINDING_FAILED]),
      ),
    )
    .execute();
  return true;
};
