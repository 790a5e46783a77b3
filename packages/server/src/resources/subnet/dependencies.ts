import type { Network, Subnet } from '@ovenbird/api';
import type { Ids } from '../../core/ids.ts';
import type { Reader } from '../../db/database.ts';
import type { WriteStep } from '../../engine/contract.ts';
import type { SubnetLimits } from '../../ipam/subnet-rules.ts';
import type { Extensions } from '../../ml2/extensions.ts';
import type { MetadataPorts } from '../../ml2/metadata-port.ts';

/** What the subnet behaviour works with. */
export interface SubnetDependencies {
  readonly config: SubnetLimits;
  readonly ids: Ids;
  readonly extensions: Extensions;
  /** Networks with all attributes; ids without a network are left out. */
  readonly loadNetworks: (reader: Reader, ids: readonly string[]) => Promise<readonly Network[]>;
  /** undefined: networks have no metadata port. */
  readonly metadataPorts: Pick<MetadataPorts, 'adjust'> | undefined;
  /** What follows new subnets: gateways of routers. */
  readonly added?: (step: WriteStep, subnets: readonly Subnet[]) => Promise<void>;
}
