import { subnet as subnetDefinition } from '@ovenbird/api';
import type { StoredBehaviour } from '../../engine/contract.ts';
import { createSubnets } from './create.ts';
import { deleteSubnet } from './delete.ts';
import type { SubnetDependencies } from './dependencies.ts';
import { subnetStore } from './store.ts';
import { updateSubnet } from './update.ts';

export type SubnetBehaviour = Required<
  Pick<StoredBehaviour<typeof subnetDefinition>, 'create' | 'update' | 'delete'>
> &
  StoredBehaviour<typeof subnetDefinition>;

/** What subnets do beyond the generic operations: prefixes, pools, gateways and the addresses of ports. */
export const createSubnetBehaviour = (deps: SubnetDependencies): SubnetBehaviour => ({
  kind: 'stored',
  definition: subnetDefinition,
  store: subnetStore,
  create: (step, bodies) => createSubnets(deps, step, bodies),
  update: (step, current, body) => updateSubnet(deps, step, current, body),
  delete: (step, current) => deleteSubnet(deps, step, current),
});
