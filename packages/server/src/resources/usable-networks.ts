import { NetworkNotFound } from '@ovenbird/api';
import type { SqlBool } from 'kysely';
import { type Given, prepared } from '../db/query/prepared.ts';
import type { WriteStep } from '../engine/contract.ts';

/** What subnets and ports need to know of their network. */
export interface UsableNetwork {
  readonly id: string;
  readonly projectId: string;
  readonly mtu: number;
  readonly portSecurityEnabled: boolean;
  readonly external: boolean;
  /** Every project may use it. */
  readonly shared: boolean;
  /** Policy of quality of service. */
  readonly qosPolicy: string | null;
}

const isTrue = (value: SqlBool): boolean => value === true || value === 1;

const read = prepared((query, given: Given<{ ids: readonly string[]; projectId: string }>) =>
  query
    .selectFrom('networks')
    .leftJoin('qos_network_policies as qos', 'qos.network_id', 'networks.id')
    .select(['id', 'project_id', 'mtu', 'port_security_enabled', 'external', 'qos.qos_policy_id'])
    .select((eb) => {
      const grants = eb
        .selectFrom('rbac_entries')
        .select('rbac_entries.id')
        .where('rbac_entries.object_type', '=', 'network')
        .whereRef('rbac_entries.object_id', '=', 'networks.id');
      return [
        eb
          .exists(grants.where('action', '=', 'access_as_shared').where('target_project', '=', '*'))
          .as('shared'),
        eb.exists(grants.where('target_project', 'in', ['*', given.one('projectId')])).as('granted'),
      ];
    })
    .where('id', 'in', given.each('ids')),
);

/**
 * Networks by id, as far as the caller may use them: administrators, services and auditors all, others their own and those
 * they were given access to; the others are left out. One query.
 */
export const findUsableNetworks = async (
  step: WriteStep,
  ids: readonly string[],
): Promise<ReadonlyMap<string, UsableNetwork>> => {
  const usable = (await read(step.tx, { ids: [...new Set(ids)], projectId: step.context.projectId })).filter(
    (row) =>
      step.isAdmin ||
      step.seesAllProjects === true ||
      row.project_id === step.context.projectId ||
      isTrue(row.granted),
  );
  return new Map(
    usable.map((row) => [
      row.id,
      {
        id: row.id,
        projectId: row.project_id,
        mtu: row.mtu,
        portSecurityEnabled: row.port_security_enabled === 1,
        external: row.external === 1,
        shared: isTrue(row.shared),
        qosPolicy: row.qos_policy_id,
      },
    ]),
  );
};

/**
 * As {@link findUsableNetworks}, but all of them.
 *
 * @throws ApiError NetworkNotFound for an id that names none of these
 */
export const usableNetworks = async (
  step: WriteStep,
  ids: readonly string[],
): Promise<ReadonlyMap<string, UsableNetwork>> => {
  const found = await findUsableNetworks(step, ids);
  const missing = ids.find((id) => !found.has(id));
  if (missing !== undefined) throw NetworkNotFound({ id: missing });
  return found;
};

/** The network of that id among those {@link usableNetworks} found. */
export const networkIn = (networks: ReadonlyMap<string, UsableNetwork>, id: string): UsableNetwork => {
  const network = networks.get(id);
  if (network === undefined) throw NetworkNotFound({ id });
  return network;
};
