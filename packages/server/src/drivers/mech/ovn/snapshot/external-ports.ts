import type { Reader } from '../../../../db/database.ts';
import type { ExternalPortsState } from '../state.ts';
import { decodeTexts, grouped } from './decode.ts';
import { externalHostQuery } from './queries.ts';

/** Loads the chassis that answer for external ports, by network, in one statement. */
export function externalPortsLoader() {
  const hosts = externalHostQuery();

  return async (
    reader: Reader,
    networkIds: readonly string[],
  ): Promise<ReadonlyMap<string, ExternalPortsState>> => {
    const states = new Map<string, ExternalPortsState>();
    for (const [networkId, rows] of grouped(await hosts.rows(reader, networkIds), 'network_id'))
      states.set(networkId, {
        networkId,
        availabilityZoneHints: decodeTexts(rows[0]?.availability_zone_hints ?? '[]'),
        routerId: rows[0]?.router_id === '' ? undefined : rows[0]?.router_id,
        groups: [...grouped(rows, 'port_id')].map(([portId, places]) => ({
          portId,
          chassis: places.map((place) => ({ name: place.chassis_name, priority: place.priority })),
        })),
      });
    return states;
  };
}
