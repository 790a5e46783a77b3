import { floatingIpPool as poolDefinition } from '@ovenbird/api';
import type { Database } from '../../db/database.ts';
import { eachOf } from '../../db/query/each-of.ts';
import { EXTERNAL } from '../../db/query/literals.ts';
import type { ComputedBehaviour } from '../../engine/contract.ts';

/** The IPv4 subnets of external networks that the caller may use. One query. */
export const createFloatingIpPoolBehaviour = (
  database: Pick<Database, 'read'>,
): ComputedBehaviour<typeof poolDefinition> => ({
  kind: 'computed',
  definition: poolDefinition,
  all: ({ context, isAdmin }) =>
    database.read(async ({ query }) => {
      const subnets = query
        .selectFrom('subnets')
        .innerJoin('networks', 'networks.id', 'subnets.network_id')
        .select(['subnets.id', 'subnets.name', 'subnets.network_id', 'subnets.cidr'])
        .where('networks.external', '=', EXTERNAL)
        .where('subnets.ip_version', '=', 4)
        .orderBy('subnets.id');
      const targets = ['*', ...(context.projectId === '' ? [] : [context.projectId])];
      const rows = await (isAdmin
        ? subnets
        : subnets.where((eb) =>
            eb.or([
              eb('networks.project_id', '=', context.projectId),
              eb.exists(
                eb
                  .selectFrom('rbac_entries')
                  .select('rbac_entries.id')
                  .where('rbac_entries.object_type', '=', 'network')
                  .whereRef('rbac_entries.object_id', '=', 'networks.id')
                  .where('rbac_entries.target_project', 'in', eachOf(targets)),
              ),
            ]),
          )
      ).execute();
      return rows.map((row) => ({
        subnet_id: row.id,
        subnet_name: row.name,
        network_id: row.network_id,
        cidr: row.cidr,
        project_id: context.projectId,
      }));
    }),
});
