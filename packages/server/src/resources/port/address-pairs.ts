import {
  type AllowedAddressPair,
  type AllowedAddressPairRequest,
  DuplicateAddressPairInRequest,
} from '@ovenbird/api';
import type { AllowedAddressPairsTable } from '../../db/tables.ts';

/**
 * Address pairs with the port's MAC address where the request gives none.
 *
 * @throws ApiError DuplicateAddressPairInRequest where that makes two the same
 */
export const completePairs = (
  pairs: readonly AllowedAddressPairRequest[],
  macAddress: string,
): readonly AllowedAddressPair[] => {
  const seen = new Set<string>();
  const complete = pairs.map(({ mac_address: mac, ip_address: ip }) => {
    const pair = { mac_address: mac ?? macAddress, ip_address: ip };
    const key = `${pair.mac_address} ${ip}`;
    if (seen.has(key)) throw DuplicateAddressPairInRequest({ mac: pair.mac_address, ip });
    seen.add(key);
    return pair;
  });
  // The order in which they are read back.
  return complete.sort(
    (a, b) => compare(a.ip_address, b.ip_address) || compare(a.mac_address, b.mac_address),
  );
};

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

export const pairRows = (
  portId: string,
  networkId: string,
  pairs: readonly AllowedAddressPair[],
): readonly AllowedAddressPairsTable[] =>
  pairs.map((pair) => ({
    port_id: portId,
    network_id: networkId,
    mac_address: pair.mac_address,
    ip_address: pair.ip_address,
  }));
