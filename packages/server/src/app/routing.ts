import type { ServiceProvider } from '@ovenbird/api';
import type { Config } from '../config/config.ts';
import type { Ids } from '../core/ids.ts';
import type { Database } from '../db/database.ts';
import type { Behaviour } from '../engine/contract.ts';
import { createFloatingIpBehaviour } from '../resources/floating-ip/behaviour.ts';
import { createFloatingIpPoolBehaviour } from '../resources/floating-ip/pool-behaviour.ts';
import type { PortDependencies } from '../resources/port/dependencies.ts';
import { createPortForwardingBehaviour } from '../resources/port-forwarding/behaviour.ts';
import { createRouterBehaviour } from '../resources/router/behaviour.ts';
import type { GatewayHosts } from '../resources/router/gateway-hosts.ts';

export interface RoutingOptions {
  readonly config: Pick<Config, 'routers' | 'ovn'>;
  readonly database: Pick<Database, 'read'>;
  readonly ids: Ids;
  readonly serviceProviders: readonly ServiceProvider[];
  /** Zones that routers may name. */
  readonly availabilityZones: () => readonly string[];
}

/** Routers and what leads inside through them. */
export const createRoutingBehaviours = (
  { config, database, ids, serviceProviders, availabilityZones }: RoutingOptions,
  ports: PortDependencies,
  hosts: GatewayHosts,
): readonly Behaviour[] => [
  createRouterBehaviour({
    config: config.routers,
    ports,
    hosts,
    serviceProviders,
    availabilityZones: async () => new Set(availabilityZones()),
  }),
  createFloatingIpBehaviour({ ports, distributed: config.ovn.distributedFloatingIp }),
  createPortForwardingBehaviour(ids),
  createFloatingIpPoolBehaviour(database),
];
