import type { PortDependencies } from '../port/dependencies.ts';

/** What the behaviour of floating IPs works with. */
export interface FloatingIpDependencies {
  /** How the ports that hold the addresses are made. */
  readonly ports: PortDependencies;
  /** Whether floating IPs are on the host of the machine, not on the gateway. */
  readonly distributed: boolean;
}
