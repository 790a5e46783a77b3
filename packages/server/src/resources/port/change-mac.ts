import { MacAddressInUse, type Port, PortBound, UnsupportedPortDeviceOwner } from '@ovenbird/api';
import type { Transaction } from '../../db/database.ts';
import { isTrusted } from '../../ipam/device-owner.ts';
import { isPlugged } from '../../ml2/binding-state.ts';
import type { PortUpdate } from './bodies.ts';
import type { PortDependencies } from './dependencies.ts';
import { assignMacs } from './mac-addresses.ts';

/** A device that is handed to the guest as a whole keeps its own MAC address; an update that frees it needs a new one. */
const freesPhysicalDevice = (port: Port, body: PortUpdate): boolean =>
  port['binding:vnic_type'] === 'direct-physical' &&
  port.device_id !== '' &&
  body.device_id === '' &&
  body.device_owner === '';

/**
 * The MAC address that a port has after an update.
 *
 * @throws ApiError PortBound where the port is plugged, UnsupportedPortDeviceOwner for ports of network services,
 *   MacAddressInUse
 */
export const changedMac = async (
  deps: Pick<PortDependencies, 'config' | 'random'>,
  tx: Transaction,
  port: Port,
  body: PortUpdate,
): Promise<string> => {
  const networkId = port.network_id;
  const fresh = async (): Promise<string> => {
    const wants = [{ networkId, macAddress: undefined }];
    const [mac] = await assignMacs(tx, wants, deps.config.baseMac, deps.random);
    return mac ?? port.mac_address;
  };
  if (freesPhysicalDevice(port, body)) return fresh();
  const asked = body.mac_address === null ? await fresh() : body.mac_address;
  if (asked === undefined || asked === port.mac_address) return port.mac_address;
  const vifType = port['binding:vif_type'];
  if (isPlugged(vifType)) throw PortBound({ id: port.id, vifType, oldMac: port.mac_address, newMac: asked });
  const deviceOwner = body.device_owner || port.device_owner;
  if (isTrusted(deviceOwner))
    throw UnsupportedPortDeviceOwner({ op: 'mac address update', id: port.id, deviceOwner });
  const holder = await tx.query
    .selectFrom('ports')
    .select('id')
    .where('network_id', '=', networkId)
    .where('mac_address', '=', asked)
    .executeTakeFirst();
  if (holder !== undefined) throw MacAddressInUse({ networkId, mac: asked });
  return asked;
};
