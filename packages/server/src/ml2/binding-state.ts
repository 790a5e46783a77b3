import { isDeepStrictEqual } from 'node:util';
import type { Port } from '@ovenbird/api';
import { PortInUse } from '@ovenbird/api';
import type { Transaction } from '../db/database.ts';
import { ACTIVE } from '../db/query/literals.ts';
import type { PortBindingsTable } from '../db/tables.ts';
import { ROUTER_GATEWAY } from '../ipam/device-owner.ts';

/** `binding:vif_type` of a port that is not plugged anywhere. */
export const VIF_UNBOUND = 'unbound';
export const VIF_BINDING_FAILED = 'binding_failed';

/** What a request may say about a port's active binding; what is undefined stays. */
export interface BindingAttributes {
  readonly 'binding:host_id'?: string | undefined;
  readonly 'binding:vnic_type'?: string | undefined;
  readonly 'binding:profile'?: { readonly [key: string]: unknown } | null | undefined;
}

export const isPlugged = (vifType: string): boolean =>
  vifType !== VIF_UNBOUND && vifType !== VIF_BINDING_FAILED;

/** Whether drivers have yet to say how the port attaches to its host. A gateway's host is where a driver placed it. */
export const needsBinding = (port: Port): boolean =>
  port['binding:host_id'] !== '' &&
  !isPlugged(port['binding:vif_type']) &&
  port.device_owner !== ROUTER_GATEWAY;

/** The ACTIVE binding row that a new port starts with; the caller inserts it with those of its other ports. */
export const initialBinding = (portId: string, attributes: BindingAttributes): PortBindingsTable => ({
  port_id: portId,
  host: attributes['binding:host_id'] ?? '',
  status: 'ACTIVE',
  vnic_type: attributes['binding:vnic_type'] ?? 'normal',
  profile: JSON.stringify(attributes['binding:profile'] ?? {}),
  vif_type: VIF_UNBOUND,
  vif_details: '{}',
});

/** Forget the binding of one host, INACTIVE or not. */
export const dropBinding = async (tx: Transaction, portId: string, host: string): Promise<void> => {
  await dropLevels(tx, portId, host);
  await tx.query.deleteFrom('port_bindings').where('port_id', '=', portId).where('host', '=', host).execute();
};

export const dropLevels = async (tx: Transaction, portId: string, host: string): Promise<void> => {
  await tx.query
    .deleteFrom('port_binding_levels')
    .where('port_id', '=', portId)
    .where('host', '=', host)
    .execute();
};

/** Nothing carries a trunk whose parent is unbound. */
const trunkDown = async (tx: Transaction, { trunk_details: trunk }: Port): Promise<void> => {
  if (trunk === undefined) return;
  await tx.query.updateTable('trunks').set({ status: 'DOWN' }).where('id', '=', trunk.trunk_id).execute();
};

/**
 * Carry what an update says about the binding into the ACTIVE row. A change of host, vnic type or profile unbinds the
 * port, and a trunk of it is DOWN: the caller then stores status DOWN with its other columns, and drivers are asked again
 * after the commit.
 *
 * @returns whether the port was unbound by this
 * @throws PortInUse 409 when the vnic type of a bound port would change
 */
export const changeBinding = async (
  tx: Transaction,
  port: Port,
  requested: BindingAttributes,
): Promise<boolean> => {
  const host = requested['binding:host_id'] ?? port['binding:host_id'];
  const vnicType = requested['binding:vnic_type'] ?? port['binding:vnic_type'];
  const profile =
    requested['binding:profile'] === undefined
      ? port['binding:profile']
      : (requested['binding:profile'] ?? {});
  const moved = host !== port['binding:host_id'];
  if (vnicType !== port['binding:vnic_type'] && port['binding:vif_type'] !== VIF_UNBOUND) {
    throw PortInUse({ id: port.id, networkId: port.network_id, deviceId: port.device_id });
  }
  if (!moved && vnicType === port['binding:vnic_type'] && isDeepStrictEqual(profile, port['binding:profile']))
    return false;
  await dropLevels(tx, port.id, port['binding:host_id']);
  // The host gets the active binding; one that was being prepared there has nothing left to wait for.
  if (moved) await dropBinding(tx, port.id, host);
  await tx.query
    .updateTable('port_bindings')
    .set({
      host,
      vnic_type: vnicType,
      profile: JSON.stringify(profile),
      vif_type: VIF_UNBOUND,
      vif_details: '{}',
    })
    .where('port_id', '=', port.id)
    .where('status', '=', ACTIVE)
    .execute();
  await trunkDown(tx, port);
  return true;
};
