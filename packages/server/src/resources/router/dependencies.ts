import type { ServiceProvider } from '@ovenbird/api';
import type { PortDependencies } from '../port/dependencies.ts';
import type { GatewayHosts } from './gateway-hosts.ts';

/** What routers are when a request does not say, and how large they may get. */
export interface RouterConfig {
  readonly enableSnatByDefault: boolean;
  readonly enableDefaultRouteBfd: boolean;
  readonly enableDefaultRouteEcmp: boolean;
  /** Extra routes of one router; -1: any number. */
  readonly maxRoutes: number;
}

/** What the router behaviour works with. */
export interface RouterDependencies {
  readonly config: RouterConfig;
  /** How the ports of routers are made and changed. */
  readonly ports: PortDependencies;
  /** Who may provide routing to routers of a flavor. */
  readonly serviceProviders: readonly ServiceProvider[];
  /** Names that `availability_zone_hints` may give. */
  availabilityZones(): Promise<ReadonlySet<string>>;
  /** Which hosts carry gateways. */
  readonly hosts: GatewayHosts;
}
