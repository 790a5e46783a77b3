import { bindingOperations } from './bindings.ts';
import { floatingIpOperations } from './floating-ips.ts';
import type { Operation } from './kit.ts';
import { networkOperations, subnetOperations } from './networks.ts';
import { poolOperations } from './pools.ts';
import { portOperations } from './ports.ts';
import { interfaceOperations, routerOperations } from './routers.ts';
import { addressGroupOperations, securityOperations } from './security.ts';
import {
  logOperations,
  qosOperations,
  quotaOperations,
  rangeOperations,
  sharingOperations,
} from './services.ts';
import { topologyOperations } from './topologies.ts';
import { trunkOperations } from './trunks.ts';

/** Operations of the write path, from the simplest on. */
export const operations: readonly Operation[] = [
  ...networkOperations,
  ...subnetOperations,
  ...poolOperations,
  ...securityOperations,
  ...addressGroupOperations,
  ...portOperations,
  ...bindingOperations,
  ...trunkOperations,
  ...interfaceOperations,
  ...routerOperations,
  ...topologyOperations,
  ...floatingIpOperations,
  ...qosOperations,
  ...sharingOperations,
  ...quotaOperations,
  ...logOperations,
  ...rangeOperations,
];
