import { MacAddressInUse, NetworkMacAddressGenerationFailure } from '@ovenbird/api';
import type { Reader } from '../../db/database.ts';
import { eachOf } from '../../db/query/each-of.ts';
import { generateMacs } from '../../ipam/mac.ts';
import type { Random } from '../../ipam/random.ts';

/** A port that is to have a MAC address: this one, or a new one where undefined. */
export interface MacWant {
  readonly networkId: string;
  readonly macAddress: string | undefined;
}

/** New addresses drawn beyond the need, so that one look-up nearly always suffices. */
const SPARE_DRAWS = 2;
const MAX_ROUNDS = 16;
/**
 * So few new addresses are not looked up: one in a thousand meets another port of a network of ten thousand, and then
 * the table's key has the transaction repeated.
 */
const UNCHECKED = 4;

const keyOf = (networkId: string, mac: string): string => `${networkId} ${mac}`;

const inUse = async (reader: Reader, macs: readonly string[]): Promise<ReadonlySet<string>> => {
  const rows = await reader.query
    .selectFrom('ports')
    .select(['network_id', 'mac_address'])
    .where('mac_address', 'in', eachOf(macs))
    .execute();
  return new Set(rows.map((row) => keyOf(row.network_id, row.mac_address)));
};

/**
 * MAC addresses for ports, in order; unique in each network, a few new ones only most probably. At most one query for
 * any number of ports, unless the network is crowded.
 *
 * @param baseMac what new addresses start with, `fa:16:3e:00:00:00`
 * @throws ApiError MacAddressInUse, NetworkMacAddressGenerationFailure
 */
export const assignMacs = async (
  reader: Reader,
  wants: readonly MacWant[],
  baseMac: string,
  random: Random,
): Promise<readonly string[]> => {
  const asked = new Set(wants.flatMap((want) => want.macAddress ?? []));
  if (asked.size === 0 && wants.length <= UNCHECKED) {
    const drawn = generateMacs(baseMac, wants.length, random, asked);
    if (drawn.length === wants.length) return drawn;
  }
  const taken = new Set<string>();
  const macs: (string | undefined)[] = wants.map((want) => want.macAddress);
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const open = macs.filter((mac) => mac === undefined).length;
    if (round > 0 && open === 0) break;
    const drawn = open === 0 ? [] : generateMacs(baseMac, open + SPARE_DRAWS, random, asked);
    const used = await inUse(reader, round === 0 ? [...asked, ...drawn] : drawn);
    if (round === 0) {
      for (const { networkId, macAddress } of wants) {
        if (macAddress === undefined) continue;
        const key = keyOf(networkId, macAddress);
        if (used.has(key) || taken.has(key)) throw MacAddressInUse({ networkId, mac: macAddress });
        taken.add(key);
      }
    }
    const free = [...drawn];
    wants.forEach(({ networkId }, index) => {
      if (macs[index] !== undefined) return;
      const mac = free.find(
        (candidate) => !used.has(keyOf(networkId, candidate)) && !taken.has(keyOf(networkId, candidate)),
      );
      if (mac === undefined) return;
      free.splice(free.indexOf(mac), 1);
      taken.add(keyOf(networkId, mac));
      macs[index] = mac;
    });
  }
  return macs.map((mac, index) => {
    if (mac === undefined)
      throw NetworkMacAddressGenerationFailure({ networkId: wants[index]?.networkId ?? '' });
    return mac;
  });
};
