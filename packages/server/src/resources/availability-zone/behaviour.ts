import { availabilityZone } from '@ovenbird/api';
import type { ComputedBehaviour } from '../../engine/contract.ts';

/** Zones by name, as they are now. */
export type ZoneNames = () => readonly string[] | Promise<readonly string[]>;

/** Zones that gateways declare; each is one for networks and one for routers. */
export const createAvailabilityZoneBehaviour = (
  zones: ZoneNames,
): ComputedBehaviour<typeof availabilityZone> => ({
  kind: 'computed',
  definition: availabilityZone,
  all: async () => {
    const names = await zones();
    return names.flatMap((name) => [
      { name, resource: 'network' as const, state: 'available' as const },
      { name, resource: 'router' as const, state: 'available' as const },
    ]);
  },
});
