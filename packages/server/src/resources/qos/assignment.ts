import { PolicyRemoveAuthorizationError, QosPolicyNotFound } from '@ovenbird/api';
import type { Reader, Transaction } from '../../db/database.ts';
import { eachOf } from '../../db/query/each-of.ts';
import { preparedByIds } from '../../db/query/prepared.ts';
import type { WriteStep } from '../../engine/contract.ts';
import { insertRows } from '../insert.ts';
import { sharedAmong } from '../sharing.ts';
import { requireCarriedOut } from './supported.ts';

/** Those of the policies that the caller may see: its own, shared ones; an administrator all. Two queries at most. */
const seenAmong = async (step: WriteStep, ids: readonly string[]): Promise<ReadonlySet<string>> => {
  const { tx, isAdmin, context } = step;
  const rows = await tx.query
    .selectFrom('qos_policies')
    .select(['id', 'project_id'])
    .where('id', 'in', eachOf(ids))
    .execute();
  const foreign = rows.filter((row) => !isAdmin && row.project_id !== context.projectId).map((row) => row.id);
  const shared =
    foreign.length === 0
      ? new Set<string>()
      : await sharedAmong(tx, 'qos_policy', foreign, context.projectId);
  const hidden = new Set(foreign.filter((id) => !shared.has(id)));
  return new Set(rows.map((row) => row.id).filter((id) => !hidden.has(id)));
};

/** Throws ApiError QosPolicyNotFound for a policy that the caller may not see; null and undefined name none. */
export const requireSeen = async (
  step: WriteStep,
  wanted: readonly (string | null | undefined)[],
): Promise<void> => {
  const ids = [...new Set(wanted.filter((id) => id !== null && id !== undefined))];
  if (ids.length === 0) return;
  const seen = await seenAmong(step, ids);
  for (const id of ids) if (!seen.has(id)) throw QosPolicyNotFound({ id });
};

const networkRows = preparedByIds((query, ids) =>
  query.selectFrom('qos_network_policies').selectAll().where('network_id', 'in', ids),
);
const portRows = preparedByIds((query, ids) =>
  query.selectFrom('qos_port_policies').selectAll().where('port_id', 'in', ids),
);

/** Policies of networks by network id; a network without one has no entry. One query. */
export const networkPolicies = async (
  reader: Reader,
  networkIds: readonly string[],
): Promise<ReadonlyMap<string, string>> => {
  const rows = await networkRows(reader, networkIds);
  return new Map(rows.map((row) => [row.network_id, row.qos_policy_id]));
};

/** Policies of ports by port id; a port without one of its own has no entry. One query. */
export const portPolicies = async (
  reader: Reader,
  portIds: readonly string[],
): Promise<ReadonlyMap<string, string>> => {
  const rows = await portRows(reader, portIds);
  return new Map(rows.map((row) => [row.port_id, row.qos_policy_id]));
};

const defaultsOf = async (
  tx: Transaction,
  projectIds: readonly string[],
): Promise<ReadonlyMap<string, string>> => {
  const rows = await tx.query
    .selectFrom('qos_policies')
    .select(['id', 'project_id'])
    .where('project_id', 'in', eachOf([...new Set(projectIds)]))
    .where('is_default', '=', 1)
    .execute();
  return new Map(rows.map((row) => [row.project_id, row.id]));
};

/** What says which policy a new object is to have. */
interface Wish {
  readonly project_id: string | undefined;
  readonly qos_policy_id: string | null;
}

/**
 * The policies of new networks, in order: the one asked for, else the default one of the project.
 *
 * @throws ApiError QosPolicyNotFound
 */
export const policiesForNetworks = async (
  step: WriteStep,
  wishes: readonly Wish[],
): Promise<readonly (string | null)[]> => {
  await requireSeen(
    step,
    wishes.map((wish) => wish.qos_policy_id),
  );
  const projects = wishes.map((wish) => wish.project_id ?? '');
  const defaults = await defaultsOf(step.tx, projects);
  return wishes.map((wish, index) => wish.qos_policy_id ?? defaults.get(projects[index] ?? '') ?? null);
};

/**
 * Give new ports the policies that they ask for.
 *
 * @throws ApiError QosPolicyNotFound, QosRuleNotSupported
 */
export const assignToPorts = async (
  step: WriteStep,
  ports: readonly { readonly id: string; readonly policyId: string | null }[],
): Promise<void> => {
  await requireSeen(
    step,
    ports.map((port) => port.policyId),
  );
  await requireCarriedOut(step.tx, 'port', ports);
  const rows = ports.flatMap(({ id, policyId }) =>
    policyId === null ? [] : [{ port_id: id, qos_policy_id: policyId }],
  );
  await insertRows(step.tx, 'qos_port_policies', rows);
};

/** Give new networks the policies that {@link policiesForNetworks} found. Throws ApiError QosRuleNotSupportedByNetwork. */
export const assignToNetworks = async (
  tx: Transaction,
  networks: readonly { readonly id: string; readonly policyId: string | null }[],
): Promise<void> => {
  await requireCarriedOut(tx, 'network', networks);
  const rows = networks.flatMap(({ id, policyId }) =>
    policyId === null ? [] : [{ network_id: id, qos_policy_id: policyId }],
  );
  await insertRows(tx, 'qos_network_policies', rows);
};

const requireChange = async (step: WriteStep, before: string | null, after: string | null): Promise<void> => {
  await requireSeen(step, [after]);
  if (before !== null && !(await seenAmong(step, [before])).has(before))
    throw PolicyRemoveAuthorizationError({ id: before });
};

/**
 * Carry `qos_policy_id` of an update of a port or network into SQL.
 *
 * @param after undefined: the update says nothing about it
 * @returns the policy afterwards
 * @throws ApiError QosPolicyNotFound, PolicyRemoveAuthorizationError, QosRuleNotSupported, QosRuleNotSupportedByNetwork
 */
export const reassign = async (
  step: WriteStep,
  kind: 'port' | 'network',
  object: { readonly id: string; readonly qos_policy_id: string | null },
  after: string | null | undefined,
): Promise<string | null> => {
  const before = object.qos_policy_id;
  if (after === undefined || after === before) return before;
  await requireChange(step, before, after);
  const { query } = step.tx;
  if (kind === 'port') {
    await query.deleteFrom('qos_port_policies').where('port_id', '=', object.id).execute();
    await assignToPorts(step, [{ id: object.id, policyId: after }]);
  } else {
    await query.deleteFrom('qos_network_policies').where('network_id', '=', object.id).execute();
    await assignToNetworks(step.tx, [{ id: object.id, policyId: after }]);
  }
  return after;
};
