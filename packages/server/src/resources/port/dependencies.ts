import type { Port } from '@ovenbird/api';
import type { Ids } from '../../core/ids.ts';
import type { Reader } from '../../db/database.ts';
import type { WriteStep } from '../../engine/contract.ts';
import type { Random } from '../../ipam/random.ts';
import type { Binding } from '../../ml2/binding.ts';
import type { Extensions } from '../../ml2/extensions.ts';
import type { StageTimes } from '../../ml2/port-timeline.ts';
import type { PortFollowers } from './followers.ts';

/** What the port behaviour works with. */
export interface PortDependencies {
  readonly config: {
    /** What generated MAC addresses start with: `fa:16:3e:00:00:00`. */
    readonly baseMac: string;
    /** Domain of the deployment, in which ports have their names. */
    readonly dnsDomain: string;
  };
  readonly ids: Ids;
  readonly random: Random;
  readonly extensions: Extensions;
  readonly binding: Pick<Binding, 'bind'>;
  /** The id of the project's default security group, made when it is missing. */
  readonly defaultSecurityGroup: (step: WriteStep, projectId: string) => Promise<string>;
  /**
   * Whether a router or floating IP has a port; such a port may not be deleted by itself, nor given to another device.
   * Without it every router port that names a device is protected.
   */
  readonly isHeldByL3?: (reader: Reader, port: Port) => Promise<boolean>;
  /** When a port passed which stage of its way; without it nothing is known. */
  readonly timeline?: (portId: string) => Promise<StageTimes>;
  /** What leads to ports from elsewhere; without it nothing does. */
  readonly followers?: PortFollowers;
}
