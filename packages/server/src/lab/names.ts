import { createHash } from 'node:crypto';
import path from 'node:path';

/**
 * Names of what a lab makes on the machine. All derive from a digest of the state directory, so that two labs never
 * clash and a later start finds what an earlier one left behind.
 */
export interface LabNames {
  /** Beginning of every network namespace of this lab. */
  readonly prefix: string;
  /** Namespace that joins the hosts: one Linux bridge per physical network. */
  readonly fabric: string;
  /** Namespace of the machine beyond the cloud. */
  readonly outside: string;
  /** Namespace of simulated host `number` (from 1). */
  host(number: number): string;
  /** Namespace of a guest (a machine of a tenant). */
  guest(name: string): string;
}

/** @param stateDir absolute path */
export function createLabNames(stateDir: string): LabNames {
  const digest = createHash('sha256').update(path.resolve(stateDir)).digest('hex').slice(0, 8);
  const prefix = `ovb-${digest}-`;
  return {
    prefix,
    fabric: `${prefix}fabric`,
    outside: `${prefix}outside`,
    host: (number) => `${prefix}host${number}`,
    guest: (name) => `${prefix}vm-${name}`,
  };
}

/** Name of the interface that a port's guest is plugged by: at most 15 characters, as Neutron's agents name it. */
export function tapName(portId: string): string {
  return `tap${portId.slice(0, 11)}`;
}
