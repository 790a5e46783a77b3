import { floatingIp as floatingIpDefinition } from '@ovenbird/api';
import type { StoredBehaviour } from '../../engine/contract.ts';
import { createFloatingIps } from './create.ts';
import { deleteFloatingIp } from './delete.ts';
import type { FloatingIpDependencies } from './dependencies.ts';
import { floatingIpStore } from './store.ts';
import { updateFloatingIp } from './update.ts';

/** What floating IPs do beyond the generic operations: the port that holds the address, and the association. */
export const createFloatingIpBehaviour = (
  deps: FloatingIpDependencies,
): StoredBehaviour<typeof floatingIpDefinition> => ({
  kind: 'stored',
  definition: floatingIpDefinition,
  store: floatingIpStore,
  create: (step, bodies) => createFloatingIps(deps, step, bodies),
  update: (step, current, body) => updateFloatingIp(deps, step, current, body),
  delete: (step, current) => deleteFloatingIp(step, current),
});
